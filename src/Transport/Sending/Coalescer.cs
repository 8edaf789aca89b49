using System.Diagnostics;

namespace SandQueue.Transport.Sending;

/// <summary>
/// Lets items that wait for the same destination travel together. There is no timer: a lone item leaves at once, and
/// what arrives while a send is under way forms the next message. A destination is known only while something waits for
/// it or is under way to it: those that are gone leave nothing behind. Large items go one after the other in a lane of their own: a
/// broker takes seconds for one where it is busy, and small ones do not wait for that. So an order holds among small items alone.
/// </summary>
/// <typeparam name="TDestination">Where items go to, by its equality: so no <see cref="Uri"/>, which ignores the fragment. Destinations do not wait for each other.</typeparam>
/// <typeparam name="T">What travels.</typeparam>
/// <param name="send">Sends one message of these items. Has a deadline of its own.</param>
/// <param name="failed">Is told of the items of a message that could not be sent.</param>
/// <param name="size">About how many bytes an item takes in a message; null estimates it from the payloads of commands and replies.</param>
public sealed class Coalescer<TDestination, T>(
    Func<TDestination, IReadOnlyList<T>, Task> send,
    Action<TDestination, IReadOnlyList<T>, Exception> failed,
    Func<T, long>? size = null) : IAsyncDisposable
    where TDestination : notnull
{
    /// <summary>Items in one message.</summary>
    private const int MaxItems = 128;

    /// <summary>Bytes in one message, about. A larger item travels alone, and in the lane for large ones.</summary>
    private const long MaxBytes = 1 << 20;

    private readonly Func<T, long> _size = size ?? PayloadSize.Of;
    private readonly Lock _lock = new();
    private readonly Dictionary<Lane, Queue<T>> _waiting = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    /// <summary>The destinations that something waits for or is under way to.</summary>
    public int Destinations
    {
        get
        {
            lock (_lock) return _waiting.Keys.Select(lane => lane.Destination).Distinct().Count();
        }
    }

    /// <summary>Sends an item soon. After the end it is reported as failed, so that nobody waits for what never left.</summary>
    public void Add(TDestination destination, T item)
    {
        if (!TryAdd(destination, item)) failed(destination, [item], Ended());
    }

    /// <summary>Sends items that came together: where nothing is under way they form the next message, as far as they fit, and the first does not leave before the others.</summary>
    public void AddTogether(TDestination destination, IReadOnlyCollection<T> items)
    {
        if (!TryAdd(destination, items)) failed(destination, [.. items], Ended());
    }

    /// <summary>Sends what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _ended = true;
            if (_waiting.Count == 0) _drained.TrySetResult();
        }

        await _drained.Task;
    }

    private bool TryAdd(TDestination destination, T item)
    {
        var lane = new Lane(destination, _size(item) > MaxBytes);
        Queue<T>? first = null;
        lock (_lock)
        {
            if (_ended) return false;
            if (_waiting.TryGetValue(lane, out var queue))
            {
                queue.Enqueue(item);
            }
            else
            {
                _waiting.Add(lane, queue = new Queue<T>([item]));
                first = queue;
            }
        }

        if (first is not null) Start(lane, first);
        return true;
    }

    private bool TryAdd(TDestination destination, IReadOnlyCollection<T> items)
    {
        Dictionary<Lane, Queue<T>>? first = null;
        lock (_lock)
        {
            if (_ended) return false;
            foreach (var item in items)
            {
                var lane = new Lane(destination, _size(item) > MaxBytes);
                if (!_waiting.TryGetValue(lane, out var queue))
                {
                    _waiting.Add(lane, queue = new Queue<T>());
                    (first ??= []).Add(lane, queue);
                }

                queue.Enqueue(item);
            }
        }

        foreach (var (lane, queue) in first ?? []) Start(lane, queue);
        return true;
    }

    private static ObjectDisposedException Ended() => new(nameof(Coalescer<,>), "this process is ending");

    /// <summary>A message is of many callers: it must not be taken for a part of what the first of them is traced in.</summary>
    private void Start(Lane lane, Queue<T> queue)
    {
        var caller = Activity.Current;
        Activity.Current = null;
        try
        {
            _ = SendAsync(lane, queue);
        }
        finally
        {
            Activity.Current = caller;
        }
    }

    private async Task SendAsync(Lane lane, Queue<T> queue)
    {
        while (Take(lane, queue) is { Count: > 0 } items)
        {
            try
            {
                await send(lane.Destination, items);
            }
            catch (Exception exception)
            {
                failed(lane.Destination, items, exception);
            }
        }
    }

    private List<T> Take(Lane lane, Queue<T> queue)
    {
        lock (_lock)
        {
            var items = new List<T>(Math.Min(queue.Count, MaxItems));
            long bytes = 0;
            while (items.Count < MaxItems && queue.TryPeek(out var item))
            {
                bytes += _size(item);
                if (items.Count > 0 && bytes > MaxBytes) break;
                items.Add(queue.Dequeue());
            }

            if (items.Count > 0) return items;

            _waiting.Remove(lane);
            if (_ended && _waiting.Count == 0) _drained.TrySetResult();
            return items;
        }
    }

    private readonly record struct Lane(TDestination Destination, bool IsLarge);
}
