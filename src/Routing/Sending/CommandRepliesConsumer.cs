using SandQueue.Contracts;
using SandQueue.Transport.Receiving;

namespace SandQueue.Routing.Sending;

/// <summary>Takes the replies that come back and hands each to the call that waits for it.</summary>
internal sealed class CommandRepliesConsumer(PendingCommands pending) : IReceiver<CommandReplies>
{
    public Task ReceiveAsync(CommandReplies message, Uri? replyTo, CancellationToken cancellationToken)
    {
        foreach (var reply in message.Replies) pending.Complete(reply);
        return Task.CompletedTask;
    }
}
