using System.Threading.Channels;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests.Sending;

/// <summary>Sends that end when the test says so.</summary>
internal sealed class HeldSends
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Channel<IReadOnlyList<int>> _started = Channel.CreateUnbounded<IReadOnlyList<int>>();
    private readonly Channel<Exception?> _ends = Channel.CreateUnbounded<Exception?>();

    public List<(IReadOnlyList<int> Items, Exception Failure)> Failed { get; } = [];

    public Coalescer<string, int> NewCoalescer(Func<int, long>? size = null) =>
        new((_, items) => SendAsync(items), (_, items, failure) => Failed.Add((items, failure)), size);

    /// <summary>The items of the next message, once its send has started.</summary>
    public Task<IReadOnlyList<int>> NextAsync() => _started.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    public void Succeed() => _ends.Writer.TryWrite(null);

    public void Fail(Exception failure) => _ends.Writer.TryWrite(failure);

    private async Task SendAsync(IReadOnlyList<int> items)
    {
        _started.Writer.TryWrite(items);
        if (await _ends.Reader.ReadAsync() is { } failure) throw failure;
    }
}
