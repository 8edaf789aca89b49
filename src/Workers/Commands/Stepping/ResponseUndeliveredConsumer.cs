using SandQueue.Contracts;
using SandQueue.Transport.Receiving;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Stepping;

/// <summary>Keeps an undelivered response for the next identical step. Where the instance lives elsewhere by now, the message is dropped.</summary>
internal sealed class ResponseUndeliveredConsumer(OwnedInstances owned) : IReceiver<ResponseUndelivered>
{
    public Task ReceiveAsync(ResponseUndelivered message, Uri? replyTo, CancellationToken cancellationToken)
    {
        Keep(message);
        return Task.CompletedTask;
    }

    /// <summary>Behind the step itself, where that still runs.</summary>
    internal void Keep(ResponseUndelivered message)
    {
        if (!owned.TryGet(message.Tenant, message.InstanceId, out var owner)) return;
        owner.Mailbox.Post(() =>
        {
            owner.Position.Undelivered(message.CommandId);
            return Task.CompletedTask;
        });
    }
}
