using MassTransit;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Health;

/// <summary>Of a queue that only this process consumes: what is sent to it has to come.</summary>
internal sealed class RoundTripProbe(string queue, IMessageSender messages, OwnQueue received, ConnectionWatch connection, TimeProvider time) : IConsumerProbe
{
    private TaskCompletionSource _came = NotYet();

    public void Attach(IReceiveEndpointConfigurator endpoint)
    {
        // Whatever comes is proof: behind a backlog the probe's message itself may be late.
        endpoint.UseExecute(_ =>
        {
            received.Mark();
            Volatile.Read(ref _came).TrySetResult();
        });
        endpoint.Handler<ProbeMessage>(_ => Task.CompletedTask);
    }

    public async Task<ProbeResult> ProbeAsync(CancellationToken cancellationToken)
    {
        var came = NotYet();
        Volatile.Write(ref _came, came);
        try
        {
            await messages.SendOwnAsync(queue, new ProbeMessage(), replyTo: null, cancellationToken);
            connection.Works();
        }
        catch (QueueGoneException)
        {
            connection.Works();
            return ProbeResult.Missed;
        }
        catch (MessageNotSentException)
        {
            await connection.FailsAsync(cancellationToken);
            return ProbeResult.Unreachable;
        }

        try
        {
            await came.Task.WaitAsync(Deadlines.RoundTrip, time, cancellationToken);
            return ProbeResult.Received;
        }
        catch (TimeoutException)
        {
            return ProbeResult.Missed;
        }
    }

    private static TaskCompletionSource NotYet() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
