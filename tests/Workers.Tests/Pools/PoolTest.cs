using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Storage.Model;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>A pool of fake containers, and a clock that only a test moves.</summary>
public abstract class PoolTest : IAsyncLifetime
{
    private static readonly TimeSpan LongestAttemptTimeout = TimeSpan.FromSeconds(10);
    private readonly List<ContainerPool> _pools = [];

    private protected FakeRuntime Runtime { get; } = new();

    private protected FakeTimeProvider Time { get; } = new();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        Runtime.Go();
        foreach (var pool in _pools) await pool.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected ContainerPool NewPool(EnvironmentOptions options)
    {
        var pool = new ContainerPool("test", options, Runtime, new FakeProtocol(), Time, NullLogger<ContainerPool>.Instance);
        _pools.Add(pool);
        return pool;
    }

    private protected async Task<List<ContainerSlot>> AcquireAsync(ContainerPool pool, int count)
    {
        var slots = new List<ContainerSlot>();
        for (; count > 0; count--) slots.Add(await SoonAsync(pool.AcquireAsync(Cancel)));
        return slots;
    }

    protected static Task<T> SoonAsync<T>(Task<T> task) => task.WaitAsync(LongestAttemptTimeout, Cancel);

    protected static Task SoonAsync(Task task) => task.WaitAsync(LongestAttemptTimeout, Cancel);
}
