using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Routing;

/// <summary>The living workers and what they serve, as the database says; looked up at most every two seconds.</summary>
internal sealed partial class Fleet(WorkerDirectory workers, InstanceDirectory instances, TimeProvider time, ILogger<Fleet> log) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _refresh = new(1, 1);
    private volatile Snapshot? _snapshot;

    /// <summary>Whether a worker lives.</summary>
    public async ValueTask<bool> IsLivingAsync(string worker, CancellationToken cancel) =>
        (await LatestAsync(cancel)).Workers.Any(living => living.Name == worker);

    /// <summary>The environments that at least one worker serves, by name.</summary>
    public async ValueTask<IReadOnlyDictionary<string, ServedEnvironment>> EnvironmentsAsync(CancellationToken cancel) =>
        (await LatestAsync(cancel)).Environments;

    /// <summary>Instances the fleet could still take.</summary>
    public async ValueTask<int> RoomAsync(CancellationToken cancel) => (await LatestAsync(cancel)).Workers.Sum(worker => worker.Room);

    /// <summary>Instances that live.</summary>
    public Task<int> InstancesAsync(CancellationToken cancel) => instances.CountLivingAsync(cancel);

    public void Dispose() => _refresh.Dispose();

    private async ValueTask<Snapshot> LatestAsync(CancellationToken cancel)
    {
        if (_snapshot is { } known && time.GetElapsedTime(known.TakenAt) < Fresh) return known;

        await _refresh.WaitAsync(cancel);
        try
        {
            if (_snapshot is { } meanwhile && time.GetElapsedTime(meanwhile.TakenAt) < Fresh) return meanwhile;
            var living = await workers.ListLivingAsync(cancel);
            foreach (var other in living.Where(worker => worker.Contract != QueueNames.ContractVersion)) LeftOut(other.Name, other.Version);
            living.RemoveAll(worker => worker.Contract != QueueNames.ContractVersion);
            return _snapshot = new Snapshot(time.GetTimestamp(), living, Environments(living));
        }
        finally
        {
            _refresh.Release();
        }
    }

    private static SortedDictionary<string, ServedEnvironment> Environments(IEnumerable<Worker> living)
    {
        var served = new SortedDictionary<string, ServedEnvironment>(StringComparer.Ordinal);
        foreach (var worker in living)
        {
            using var descriptions = JsonDocument.Parse(worker.Environments);
            foreach (var description in descriptions.RootElement.EnumerateArray())
            {
                var environment = ServedEnvironment.Read(description);
                served.TryAdd(environment.Name, environment);
            }
        }

        return served;
    }

    [LoggerMessage(LogLevel.Warning, "worker {Worker} is left out: its version {Version} speaks other messages than this gateway; update one of the two")]
    private partial void LeftOut(string worker, string version);

    private sealed record Snapshot(long TakenAt, List<Worker> Workers, IReadOnlyDictionary<string, ServedEnvironment> Environments);
}
