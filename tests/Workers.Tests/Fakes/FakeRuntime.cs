using SandQueue.Workers.Containers;
using SandQueue.Workers.Hosting;

namespace SandQueue.Workers.Tests.Fakes;

internal sealed class FakeRuntime : IRuntime
{
    private readonly List<FakeContainer> _started = [];
    private int _starting;

    /// <summary>Runs before a container starts; may wait or throw.</summary>
    public Func<CancellationToken, Task> Starting { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<FakeContainer> Started
    {
        get
        {
            lock (_started) return [.. _started];
        }
    }

    /// <summary>The most starts that ran at the same time.</summary>
    public int MostStartsAtOnce { get; private set; }

    public FakeContainer Last => Started[^1];

    public async Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancel)
    {
        MostStartsAtOnce = Math.Max(MostStartsAtOnce, Interlocked.Increment(ref _starting));
        try
        {
            await Starting(cancel);
            lock (_started)
            {
                var container = new FakeContainer(_started.Count + 1);
                _started.Add(container);
                return container;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _starting);
        }
    }
}
