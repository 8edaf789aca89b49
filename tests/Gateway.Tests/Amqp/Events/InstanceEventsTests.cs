using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Gateway.Amqp.Events;
using SandQueue.Storage;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Gateway.Tests.Amqp.Events;

public sealed class InstanceEventsTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-events-");
    private readonly FakeTimeProvider _time = new();
    private readonly ConcurrentQueue<string> _announced = [];
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_time)
            .AddStorage(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "events.db")}" }).BuildServiceProvider();
        await _services.MigrateStorageAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        await _folder.RemoveAsync();
    }

    [Fact]
    public async Task A_publish_that_took_too_long_is_made_again_and_ends_nothing_else()
    {
        var tries = 0;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        await EndAsync("slow");
        var running = NewEvents().RunAsync((ended, _) =>
        {
            // As the publisher ends a publish that the broker does not confirm.
            if (Interlocked.Increment(ref tries) == 1) throw new OperationCanceledException();
            _announced.Enqueue(ended.InstanceId);
            return Task.CompletedTask;
        }, over.Token);

        await PassUntilAsync(() => !_announced.IsEmpty);

        _announced.ShouldBe(["slow"]);
        running.IsCompleted.ShouldBeFalse();
        await over.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running.WaitAsync(Limit, Cancel));
    }

    [Fact]
    public async Task Many_ends_are_announced_a_few_at_a_time()
    {
        var (now, most) = (0, 0);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        for (var index = 0; index < 100; index++) await EndAsync($"many-{index}");
        var running = NewEvents().RunAsync(async (ended, token) =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
            _announced.Enqueue(ended.InstanceId);
        }, over.Token);

        await PassUntilAsync(() => _announced.Count >= 100);

        _announced.Distinct().Count().ShouldBe(100);
        most.ShouldBeInRange(1, 16);
        await over.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running.WaitAsync(Limit, Cancel));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        do seen = Volatile.Read(ref most);
        while (value > seen && Interlocked.CompareExchange(ref most, value, seen) != seen);
    }

    private Task PassUntilAsync(Func<bool> holds) => Until.TrueAsync("they are announced", () =>
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return holds();
    }, Limit);

    private InstanceEvents NewEvents() => new(_services.GetRequiredService<EndAnnouncements>(), _time, NullLogger<InstanceEvents>.Instance);

    private async Task EndAsync(string name)
    {
        var instances = _services.GetRequiredService<InstanceDirectory>();
        var row = new Instance { Tenant = "a", InstanceId = name, EnvType = "e", TaskId = "t", Params = [], State = InstanceState.Live, Epoch = 1 };
        (await instances.ClaimAsync(row, Cancel)).ShouldBeNull();
        (await instances.EndAsync(row.EpisodeId, 1, InstanceState.Lost, "why", now: 1, Cancel)).ShouldBeTrue();
    }
}
