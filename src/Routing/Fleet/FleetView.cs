using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;

namespace SandQueue.Routing.Fleet;

/// <summary>The living workers and what they serve, as the database says; looked up at most every two seconds, beside the commands that need it.</summary>
public sealed partial class FleetView(WorkerDirectory workers, TimeProvider time, ILogger<FleetView> log) : IDisposable
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>No command waits for a refresh of what is younger than this: it is refreshed beside.</summary>
    private static readonly TimeSpan Servable = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A look takes milliseconds; while the database hangs, no command waits longer for it if there is an answer from before.
    /// Where there is none, there is nothing better than to wait: a first look on a busy machine takes seconds.
    /// </summary>
    private static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan FirstLookLimit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// While the database is away, workers go on with the instances they own, and steps need no look into it. A worker
    /// that is sent a command it does not own any more forwards it, so an old answer harms nothing.
    /// </summary>
    private static readonly TimeSpan UsableFor = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _refresh = new(1, 1);
    private volatile Snapshot? _snapshot;
    private int _refreshing;
    private HashSet<string> _leftOut = [];

    /// <summary>Whether a worker lives that speaks our messages. That none does is never said from what may be old: it may just have started.</summary>
    public async ValueTask<bool> IsLivingAsync(string worker, CancellationToken cancellationToken) =>
        Lists(await LatestAsync(cancellationToken), worker) || Lists(await RefreshedAsync(Fresh, cancellationToken), worker);

    /// <summary>The same of what is known and young enough, without a wait; false where that does not say so.</summary>
    internal bool IsKnownToLive(string worker)
    {
        if (Usable() is not { } known || time.GetElapsedTime(known.LookedAt) >= Servable) return false;
        RefreshIfOld(known);
        return Lists(known, worker);
    }

    /// <summary>The living worker of that name whose messages are of another version than ours, or null.</summary>
    public async ValueTask<Worker?> FindOtherVersionAsync(string worker, CancellationToken cancellationToken) =>
        (await LatestAsync(cancellationToken)).Others.Find(other => other.Name == worker);

    /// <summary>The environments that at least one worker serves, by name.</summary>
    public async ValueTask<IReadOnlyDictionary<string, ServedEnvironment>> EnvironmentsAsync(CancellationToken cancellationToken) =>
        (await LatestAsync(cancellationToken)).Environments;

    /// <summary>Whether a worker serves an environment. That none does is never said from what may be old: one may just have started.</summary>
    public async ValueTask<bool> ServesAsync(string environment, CancellationToken cancellationToken) =>
        (await LatestAsync(cancellationToken)).Environments.ContainsKey(environment)
        || (await RefreshedAsync(Fresh, cancellationToken)).Environments.ContainsKey(environment);

    /// <summary>Whether an environment exists, though no worker may serve it now: one starts that will, or one that served it is away.</summary>
    internal async ValueTask<bool> KnowsAsync(string environment, CancellationToken cancellationToken) =>
        (await LatestAsync(cancellationToken)).Workers.Exists(worker => worker.Capacity.Any(capacity => capacity.Environment == environment))
        || (await workers.ListCataloguesAsync(cancellationToken)).SelectMany(ServedEnvironment.ReadAll).Any(served => served.Name == environment);

    /// <summary>Instances of an environment that the fleet could take when it was looked at last, without a look; null where that is not known.</summary>
    internal int? KnownFreeSlots(string environment) => Usable() is { } known && known.Environments.ContainsKey(environment)
        ? FreeSlots(known, environment)
        : null;

    /// <summary>
    /// A worker that could take an instance of an environment when it was looked at last, without a look; the likelier one is named the more it could take. Null where none is
    /// known. It may be full by now.
    /// </summary>
    internal string? FindRoom(string environment)
    {
        if (Usable() is not { } known || time.GetElapsedTime(known.LookedAt) >= Servable) return null;
        RefreshIfOld(known);
        var at = Random.Shared.Next(Math.Max(1, FreeSlots(known, environment)));
        foreach (var worker in known.Workers)
        {
            foreach (var capacity in worker.Capacity)
            {
                if (capacity.Environment == environment && (at -= capacity.FreeSlots) < 0) return worker.Draining ? null : worker.Name;
            }
        }

        return null;
    }

    /// <summary>Instances the fleet could still take.</summary>
    public async ValueTask<int> FreeSlotsAsync(CancellationToken cancellationToken) => (await LatestAsync(cancellationToken)).Workers.Sum(worker => worker.FreeSlots);

    /// <summary>Whether the fleet could take more than so many instances of an environment, as far as it was looked at within some seconds.</summary>
    public async ValueTask<bool> HasRoomAsync(string environment, int above, CancellationToken cancellationToken) => FreeSlots(await LatestAsync(cancellationToken), environment) > above;

    /// <summary>Instances of an environment that the fleet could still take, and those it has.</summary>
    internal async ValueTask<(int Free, int Live)> CapacityAsync(string environment, CancellationToken cancellationToken)
    {
        // Not from what may be old: a farm that has just become full would say that it has room.
        var published = (await RefreshedAsync(Fresh, cancellationToken)).Workers.SelectMany(worker => worker.Capacity).Where(capacity => capacity.Environment == environment).ToList();
        return (published.Sum(capacity => capacity.FreeSlots), published.Sum(capacity => capacity.LiveInstances));
    }

    /// <summary>What the living workers published of each environment that one of them serves, all workers' together.</summary>
    /// <remarks>Not of one that only could not start yet: it has room for nothing, which more workers would not change.</remarks>
    public async ValueTask<IReadOnlyList<EnvironmentCapacity>> CapacitiesAsync(CancellationToken cancellationToken)
    {
        var known = await RefreshedAsync(Fresh, cancellationToken);
        return
        [
            .. known.Workers.SelectMany(worker => worker.Capacity)
                .Where(capacity => known.Environments.ContainsKey(capacity.Environment))
                .GroupBy(capacity => capacity.Environment, StringComparer.Ordinal)
                .Select(all => new EnvironmentCapacity(all.Key, all.Sum(capacity => capacity.FreeSlots), all.Sum(capacity => capacity.LiveInstances))),
        ];
    }

    public void Dispose() => _refresh.Dispose();

    private static int FreeSlots(Snapshot snapshot, string environment) =>
        snapshot.Workers.SelectMany(worker => worker.Capacity).Where(capacity => capacity.Environment == environment).Sum(capacity => capacity.FreeSlots);

    private static bool Lists(Snapshot snapshot, string worker) => snapshot.Workers.Exists(living => living.Name == worker);

    /// <summary>Serves what is known while it is young enough, and refreshes it beside; waits for a refresh only where it is too old.</summary>
    private ValueTask<Snapshot> LatestAsync(CancellationToken cancellationToken)
    {
        if (Usable() is not { } known || time.GetElapsedTime(known.LookedAt) >= Servable) return new(RefreshedAsync(Servable, cancellationToken));
        RefreshIfOld(known);
        return new(known);
    }

    private void RefreshIfOld(Snapshot known)
    {
        if (time.GetElapsedTime(known.LookedAt) >= Fresh && Interlocked.Exchange(ref _refreshing, 1) == 0) _ = RefreshBesideAsync();
    }

    private async Task RefreshBesideAsync()
    {
        try
        {
            await RefreshedAsync(Fresh, CancellationToken.None);
        }
        catch (Exception exception)
        {
            NotLookedUp(time.GetElapsedTime(_snapshot!.TakenAt).TotalSeconds, exception.GetBaseException().Message);
        }
        finally
        {
            Volatile.Write(ref _refreshing, 0);
        }
    }

    /// <param name="youngerThan">What is known is good enough where it was looked up less long ago.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    private async Task<Snapshot> RefreshedAsync(TimeSpan youngerThan, CancellationToken cancellationToken)
    {
        var timeout = Usable() is null ? FirstLookLimit : LookLimit;
        using var late = new CancellationTokenSource(timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await _refresh.WaitAsync(limit.Token);
            try
            {
                return Usable() is { } known && time.GetElapsedTime(known.LookedAt) < youngerThan ? known : _snapshot = await LookAsync(limit.Token);
            }
            finally
            {
                _refresh.Release();
            }
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (Usable() is not { } old)
            {
                if (exception is OperationCanceledException) throw new DatabaseSilentException($"the database did not say within {timeout.TotalSeconds:0} s which workers live");
                throw;
            }

            NotLookedUp(time.GetElapsedTime(old.TakenAt).TotalSeconds, exception.GetBaseException().Message);
            return _snapshot = old with { LookedAt = time.GetTimestamp() };
        }
    }

    private Snapshot? Usable() => _snapshot is { } old && time.GetElapsedTime(old.TakenAt) < UsableFor ? old : null;

    private async Task<Snapshot> LookAsync(CancellationToken cancellationToken)
    {
        var living = await workers.ListLivingAsync(cancellationToken);
        var others = living.Where(worker => worker.Contract != QueueNames.ContractVersion).ToList();
        foreach (var other in others.Where(other => !_leftOut.Contains(other.Name))) LeftOut(other.Name, other.Version, other.Contract, QueueNames.ContractVersion);
        _leftOut = [.. others.Select(other => other.Name)];
        living.RemoveAll(others.Contains);
        var now = time.GetTimestamp();
        return new Snapshot(now, now, living, others, Environments(living));
    }

    private static SortedDictionary<string, ServedEnvironment> Environments(IEnumerable<Worker> living)
    {
        var served = new SortedDictionary<string, ServedEnvironment>(StringComparer.Ordinal);

        // Most workers of a farm serve the same.
        foreach (var catalogue in living.Select(worker => worker.Environments).Distinct(StringComparer.Ordinal))
        {
            foreach (var environment in ServedEnvironment.ReadAll(catalogue)) served.TryAdd(environment.Name, environment);
        }

        return served;
    }

    [LoggerMessage(LogLevel.Warning, "worker {Worker} is left out: its version {Version} speaks messages {Theirs}, this gateway speaks {Ours}; update one of the two")]
    private partial void LeftOut(string worker, string version, int theirs, int ours);

    [LoggerMessage(LogLevel.Warning, "the workers could not be looked up, so what was known {Seconds:0} s ago is taken for true: {Reason}")]
    private partial void NotLookedUp(double seconds, string reason);

    /// <param name="LookedAt">When it was looked for last, with or without an answer.</param>
    /// <param name="TakenAt">When it was true.</param>
    /// <param name="Workers">Those that live and speak our messages.</param>
    /// <param name="Others">Those that live and speak others.</param>
    /// <param name="Environments">What they serve.</param>
    private sealed record Snapshot(long LookedAt, long TakenAt, List<Worker> Workers, List<Worker> Others, IReadOnlyDictionary<string, ServedEnvironment> Environments);
}
