using System.Text.Json;
using SandQueue.Client.Amqp;
using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>
/// The ends of a tenant's commands that nobody waits for, and of its instances, as they come. One counts as read when the next is asked for. After a broken connection an event may come
/// twice, and none is lost for ten minutes; the command's id and the episode's key tell which is which. Its end, or that of the client, ends the enumeration.
/// </summary>
public sealed class EventSubscription : IAsyncEnumerable<SandQueueEvent>, IAsyncDisposable
{
    private readonly AmqpEvents _events;

    private readonly Action<EventSubscription> _ended;

    internal EventSubscription(AmqpEvents events, Action<EventSubscription> ended) => (_events, _ended) = (events, ended);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It is enumerated already.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed before.</exception>
    /// <exception cref="SandQueueException">The broker refuses it now.</exception>
    public async IAsyncEnumerator<SandQueueEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await using var events = _events.ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync(events, cancellationToken))
        {
            if (Command(events.Current) is { } command) yield return command;
            else if (Instance(events.Current) is { } instance) yield return instance;
        }
    }

    /// <summary>Ends the subscription, and removes its queue.</summary>
    public ValueTask DisposeAsync()
    {
        _ended(this);
        return _events.DisposeAsync();
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<JsonElement> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception exception) when (exception is not InvalidOperationException)
        {
            // The library's own time-outs are cancellations, too, that nobody asked for.
            cancellationToken.ThrowIfCancellationRequested();
            throw new SandQueueException(AmqpFailures.OfOpening(_events.Broker, exception), null, null);
        }
    }

    private static CommandResult? Command(JsonElement read)
    {
        if (AmqpMessages.Reply(read) is not { } reply || ProblemReader.Text(read, "command_id") is not { } id) return null;
        var (kind, instance) = (ProblemReader.Text(read, "command"), ProblemReader.Text(read, "instance_id"));
        return reply.Refusal is { } refusal
            ? new CommandResult(id, kind, instance, null, new SandQueueException(refusal, id, instance))
            : new CommandResult(id, kind, instance, reply.Answer, null);
    }

    /// <returns>Null for what is newer than this package.</returns>
    private static InstanceEnded? Instance(JsonElement read)
    {
        try
        {
            return read.Deserialize(ClientJson.Default.InstanceEnded);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
