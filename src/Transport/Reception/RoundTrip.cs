using MassTransit;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Reception;

/// <summary>Of a queue that only this process takes from: what is sent to it has to come.</summary>
internal sealed class RoundTrip(string queue, IMessageSender messages, TimeProvider time) : IReceptionCheck
{
    private TaskCompletionSource _came = NotYet();

    public void Attach(IReceiveEndpointConfigurator endpoint)
    {
        // Whatever comes is proof: behind a backlog the heartbeat itself may be late.
        endpoint.UseExecute(_ => Volatile.Read(ref _came).TrySetResult());
        endpoint.Handler<Heartbeat>(_ => Task.CompletedTask);
    }

    public async Task<bool?> ReceivesAsync(CancellationToken cancellationToken)
    {
        var came = NotYet();
        Volatile.Write(ref _came, came);
        try
        {
            await messages.SendOwnAsync(queue, new Heartbeat(), replyTo: null, cancellationToken);
        }
        catch (MessageReturnedException)
        {
            return false;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The broker is away, in one of the many ways its client says so, or it takes no messages for want of memory:
            // a queue connected anew would help in neither case.
            return null;
        }

        try
        {
            await came.Task.WaitAsync(Deadlines.RoundTrip, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static TaskCompletionSource NotYet() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
