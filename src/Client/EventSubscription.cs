using SandQueue.Client.Amqp;
using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>
/// The ends of commands that nobody waits for, as they come. One counts as read when the next is asked for. After a broken connection an event may come
/// twice, and none is lost for ten minutes; <see cref="CommandResult.CommandId"/> tells which is which.
/// </summary>
public sealed class EventSubscription : IAsyncEnumerable<CommandResult>, IAsyncDisposable
{
    private readonly AmqpEvents _events;

    internal EventSubscription(AmqpEvents events) => _events = events;

    /// <inheritdoc/>
    public async IAsyncEnumerator<CommandResult> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var read in _events.ReadAsync(cancellationToken))
        {
            if (AmqpMessages.Reply(read) is not { } reply || ProblemReader.Text(read, "command_id") is not { } id) continue;
            var (kind, instance) = (ProblemReader.Text(read, "command"), ProblemReader.Text(read, "instance_id"));
            yield return new CommandResult(id, kind, instance, reply.Refusal is null ? reply.Answer : null, reply.Refusal is { } refusal ? new SandQueueException(refusal, id, instance) : null);
        }
    }

    /// <summary>Ends the subscription, and removes its queue.</summary>
    public ValueTask DisposeAsync() => _events.DisposeAsync();
}
