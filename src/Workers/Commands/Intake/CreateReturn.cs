using MassTransit;
using SandQueue.Contracts;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Returns a Create to its shared queue that this worker cannot execute now, because its database fails it or its lease is not live. A
/// Create waits once and is not sent again by its sender, so that what a worker dropped would be lost until its caller's time is over.
/// </summary>
internal sealed class CreateReturn(CommandForwarding forwarding, TimeProvider time)
{
    /// <summary>How long a Create is held first: a worker that returned at once would empty the queue, over and over.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(1);

    /// <summary>Completes when the queue has it again, or its time is over.</summary>
    public async Task ReturnAsync(CreateInstance command, Uri? replyTo, CommandClock clock)
    {
        while (clock.Left > TimeSpan.Zero)
        {
            using var limit = new CancellationTokenSource(clock.Left, time);
            try
            {
                await Task.Delay(Hold, time, limit.Token);
                await forwarding.ReturnAsync(command, replyTo, clock, limit.Token);
                return;
            }
            catch (Exception exception) when (exception is MassTransitException or TimeoutException or OperationCanceledException)
            {
                // The broker is away too; it may be back before the Create's time is over.
            }
        }
    }
}
