using MassTransit;
using SandQueue.Contracts;

namespace SandQueue.Routing.Sending;

/// <summary>Takes the replies that come back and hands each to the call that waits for it.</summary>
internal sealed class CommandRepliesConsumer(PendingCommands pending) : IConsumer<CommandReplies>
{
    public Task Consume(ConsumeContext<CommandReplies> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        foreach (var reply in context.Message.Replies) pending.Complete(reply);
        return Task.CompletedTask;
    }
}
