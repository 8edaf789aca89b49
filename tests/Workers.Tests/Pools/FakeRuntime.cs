using System.Collections.Concurrent;
using System.Threading.Channels;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>Starts what a test wants, when it wants it.</summary>
internal sealed class FakeRuntime : IRuntime
{
    private readonly Channel<string> _asked = Channel.CreateUnbounded<string>();
    private TaskCompletionSource? _held;
    private int _count;

    /// <summary>All it ever started, in order.</summary>
    public ConcurrentQueue<FakeContainer> Started { get; } = new();

    /// <summary>What the next containers are like.</summary>
    public Action<FakeContainer> Shape { get; set; } = _ => { };

    public Exception? Failure { get; set; }

    /// <summary>Why what dead workers left cannot be removed.</summary>
    public Exception? LeftoversFailure { get; set; }

    public IReadOnlyList<FakeContainer> Running => [.. Started.Where(container => !container.IsGone)];

    /// <summary>From now on starts are asked for, and none happens.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What was held happens.</summary>
    public void Go() => Interlocked.Exchange(ref _held, null)?.SetResult();

    /// <summary>Returns when so many starts more have been asked for.</summary>
    public async Task AskedAsync(int starts)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        for (; starts > 0; starts--) await _asked.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
    }

    public bool WasAskedAgain() => _asked.Reader.Count > 0;

    public Task<int> RemoveLeftoversAsync(Func<string, CancellationToken, Task<bool>> isLiving, CancellationToken cancellationToken) =>
        LeftoversFailure is { } failure ? throw failure : Task.FromResult(0);

    public async Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancellationToken)
    {
        _asked.Writer.TryWrite(environment);
        if (_held is { } held) await held.Task.WaitAsync(cancellationToken);
        if (Failure is { } failure) throw failure;
        var container = new FakeContainer(Interlocked.Increment(ref _count));
        Shape(container);
        Started.Enqueue(container);
        return container;
    }
}
