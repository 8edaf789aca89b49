using MassTransit;

namespace SandQueue.Transport.Brokers;

/// <summary>What it means that the bus did not start with the program.</summary>
public static class BusStart
{
    /// <summary>
    /// MassTransit tries again until its limit is over, and then throws what kept the last attempt from succeeding; where no attempt ended,
    /// that is a cancellation.
    /// </summary>
    /// <returns>What the broker said, or null where something else failed.</returns>
    public static string? FailureOf(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception switch
        {
            OperationCanceledException or TimeoutException => "it said nothing",
            MassTransitException => exception.GetBaseException().Message,
            _ => null,
        };
    }
}
