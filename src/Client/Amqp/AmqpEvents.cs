using System.Runtime.CompilerServices;
using System.Text.Json;
using SandQueue.Client.Commands;
using SandQueue.Client.Resending;

namespace SandQueue.Client.Amqp;

/// <summary>
/// A tenant's events: the ends of its commands that came without <c>reply_to</c>, and of its instances. They wait in a queue that outlives a connection by ten minutes: what came meanwhile is
/// there when it is opened again, and what was not acknowledged comes once more.
/// </summary>
/// <param name="broker">The broker.</param>
/// <param name="tenant">The tenant's name. That of the queue begins with it, as the rights of a trainer's user ask for.</param>
/// <param name="backoff">How long it waits before it opens another connection.</param>
/// <param name="time">The clock.</param>
internal sealed class AmqpEvents(AmqpBroker broker, string tenant, Backoff backoff, TimeProvider time) : IAsyncDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _lock = new();
    private AmqpEventLink? _link;
    private (AmqpEventLink Link, ulong Tag)? _latest;
    private int _readers;

    /// <summary>The broker's name.</summary>
    public string Broker => broker.Name;

    /// <summary>The queue's name.</summary>
    public string Queue { get; } = $"{tenant}.events-{Guid.CreateVersion7():n}";

    /// <summary>Binds the queue, and waits until it is bound.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var link = await AmqpEventLink.OpenAsync(broker, Queue, tenant, cancellationToken);
        lock (_lock)
        {
            if (!_over.IsCancellationRequested) (_link, link) = (link, null);
        }

        if (link is null) return;
        await link.DeleteAsync();
        await link.DisposeAsync();
        throw new OperationCanceledException(_over.Token);
    }

    /// <summary>Reads events as they come, until the caller has enough or this is disposed. One is acknowledged when the next is asked for, also by a later reading.</summary>
    public async IAsyncEnumerable<JsonElement> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_over.IsCancellationRequested, this);
        if (Interlocked.CompareExchange(ref _readers, 1, 0) != 0) throw new InvalidOperationException("these events are read by somebody else already; subscribe once more");
        try
        {
            while (await NextAsync(cancellationToken) is { } body)
            {
                if (Parse(body) is { } read) yield return read;
            }
        }
        finally
        {
            Volatile.Write(ref _readers, 0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        AmqpEventLink? link;
        lock (_lock) (link, _link) = (_link, null);
        if (link is null) return;
        await link.DeleteAsync();
        await link.DisposeAsync();
    }

    /// <returns>Null once this is disposed.</returns>
    private async Task<byte[]?> NextAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        try
        {
            either.Token.ThrowIfCancellationRequested();
            if (_latest is var (heardBy, tag)) await heardBy.AcknowledgeAsync(tag, either.Token);
            _latest = null;
            while (_link is { } link)
            {
                if (await link.NextAsync(either.Token) is var (next, body))
                {
                    _latest = (link, next);
                    return body;
                }

                await link.DisposeAsync();
                await ReopenAsync(either.Token);
            }

            return null;
        }
        catch (Exception) when (_over.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await OpenAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && AmqpFailures.OfOpening(broker.Name, exception).Code == Codes.Unreachable)
            {
                await Task.Delay(backoff.After(failures, asked: null), time, cancellationToken);
            }
        }
    }

    /// <returns>Null for what is no event: there is nothing that a trainer could do about it.</returns>
    private static JsonElement? Parse(byte[] body)
    {
        try
        {
            return JsonElement.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
