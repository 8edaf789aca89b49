using System.Threading.Channels;

namespace SandQueue.Transport;

/// <summary>
/// Lets items that wait for the same destination travel together. There is no timer: a lone item leaves at once, and
/// what arrives while a send is under way forms the next message.
/// </summary>
/// <typeparam name="T">What travels.</typeparam>
public sealed class Coalescer<T> : IAsyncDisposable
{
    private const int Largest = 128;

    private readonly Channel<T> _waiting = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Func<IReadOnlyList<T>, Task> _send;
    private readonly Action<IReadOnlyList<T>, Exception> _failed;
    private readonly Task _loop;

    /// <param name="send">Sends one message of these items. Has a deadline of its own.</param>
    /// <param name="failed">Is told of the items of a message that could not be sent.</param>
    public Coalescer(Func<IReadOnlyList<T>, Task> send, Action<IReadOnlyList<T>, Exception> failed)
    {
        _send = send;
        _failed = failed;
        _loop = Task.Run(SendAsync);
    }

    /// <summary>Sends an item soon. After the end it is reported as failed, so that nobody waits for what never left.</summary>
    public void Add(T item)
    {
        if (!_waiting.Writer.TryWrite(item)) _failed([item], new ObjectDisposedException(nameof(Coalescer<T>), "this process is ending"));
    }

    /// <summary>Sends what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task SendAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            var items = new List<T>();
            while (items.Count < Largest && _waiting.Reader.TryRead(out var item)) items.Add(item);
            try
            {
                await _send(items);
            }
            catch (Exception failure)
            {
                _failed(items, failure);
            }
        }
    }
}
