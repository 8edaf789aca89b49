using System.Globalization;
using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Instances;

/// <summary>Finds instances and their owners, and claims the rows of new ones.</summary>
public sealed class InstanceDirectory
{
    private const int InstancesPerStatement = 500;

    private readonly IContextSource _contexts;
    private readonly Failpoints _failpoints;

    internal InstanceDirectory(IContextSource contexts, Failpoints? failpoints = null) => (_contexts, _failpoints) = (contexts, failpoints ?? new Failpoints());

    /// <summary>
    /// Inserts the row of an instance that is about to be made. The database lets only one of two with the same tenant
    /// and id live: the other gets that one's row.
    /// </summary>
    /// <param name="instance">The row.</param>
    /// <param name="cancellationToken">Gives the wait for a connection up, and never the insert: a row that was inserted is known to whoever made it.</param>
    /// <returns>Null where the row was inserted (its <see cref="Instance.EpisodeId"/> is set), else the living instance.</returns>
    public async Task<Instance?> ClaimAsync(Instance instance, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(instance);
        while (true)
        {
            await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
            context.Instances.Add(instance);
            try
            {
                await context.SaveChangesAsync(CancellationToken.None);
                return null;
            }
            catch (DbUpdateException exception) when (DatabaseFailure.IsDuplicate(exception))
            {
                instance.EpisodeId = 0;

                // The other may end between the two looks; then the id is free again.
                if (await FindLivingAsync(instance.Tenant, instance.InstanceId, cancellationToken) is { } living) return living;
            }
        }
    }

    /// <summary>The living instance of that name, or null.</summary>
    public async Task<Instance?> FindLivingAsync(string tenant, string instanceId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.AsNoTracking()
            .FirstOrDefaultAsync(row => row.Tenant == tenant && row.InstanceId == instanceId && row.EndedAt == null, cancellationToken);
    }

    /// <summary>How many instances of a tenant live.</summary>
    public async Task<int> CountLivingAsync(string tenant, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.CountAsync(row => row.Tenant == tenant && row.EndedAt == null, cancellationToken);
    }

    /// <summary>The newest instance of that name, living or ended, or null where the tenant never had one.</summary>
    public async Task<Instance?> FindNewestAsync(string tenant, string instanceId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.AsNoTracking()
            .Where(row => row.Tenant == tenant && row.InstanceId == instanceId)
            .OrderByDescending(row => row.EpisodeId)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The instance of an episode, living or ended, or null where the tenant has none of that number.</summary>
    public async Task<Instance?> FindEpisodeAsync(string tenant, long episodeId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.AsNoTracking().FirstOrDefaultAsync(row => row.EpisodeId == episodeId && row.Tenant == tenant, cancellationToken);
    }

    /// <summary>The newest instances of an environment whose episode has at least one step, living or ended.</summary>
    public async Task<List<Instance>> ListPlayedAsync(string environment, int most, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.AsNoTracking()
            .Where(row => row.EnvType == environment && row.NextStep > 1)
            .OrderByDescending(row => row.EpisodeId)
            .Take(most)
            .ToListAsync(cancellationToken);
    }

    public async Task<int> CountLivingAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.CountAsync(row => row.EndedAt == null, cancellationToken);
    }

    /// <summary>The names of the living instances made through a sandbox.</summary>
    public async Task<List<string>> FindBySandboxAsync(string tenant, string sandboxId, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Instances.AsNoTracking()
            .Where(row => row.Tenant == tenant && row.SandboxId == sandboxId && row.EndedAt == null)
            .OrderBy(row => row.EpisodeId)
            .Select(row => row.InstanceId)
            .ToListAsync(cancellationToken);
    }

    /// <summary>
    /// Makes a worker the owner of an instance whose owner's lease has ended. Raises the epoch, so that nothing an earlier
    /// owner writes afterwards is recorded. Updates <paramref name="row"/>.
    /// </summary>
    /// <returns>False where another worker was faster.</returns>
    public async Task<bool> TakeOverAsync(Instance row, string worker, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(row);
        if (!await RaiseEpochAsync(row, worker, cancellationToken)) return false;
        await _failpoints.ReachAsync(Failpoint.AfterTakeover);

        // What the owner before committed until the epoch rose counts; what it writes from now on does not.
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var now = await context.Instances.AsNoTracking().FirstAsync(stored => stored.EpisodeId == row.EpisodeId, cancellationToken);
        (row.Owner, row.Epoch, row.NextStep, row.EndReason, row.State, row.Attempts) = (now.Owner, now.Epoch, now.NextStep, now.EndReason, now.State, now.Attempts);
        return true;
    }

    /// <summary>
    /// Parks living instances, some hundreds by one statement: whoever takes the next command of one becomes its owner, where its epoch is
    /// still its row's. Their owner has given them up before: nothing of them runs any more.
    /// </summary>
    /// <param name="parked">The instances.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <returns>How many were parked; the others had another owner already, or had ended.</returns>
    public async Task<int> ParkAsync(IReadOnlyCollection<ParkedInstance> parked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parked);
        var count = 0;
        foreach (var batch in parked.OrderBy(instance => instance.EpisodeId).Chunk(InstancesPerStatement))
        {
            // Numbers need no parameters, which SQLite's driver finds one by one.
            var rows = string.Join(", ", batch.Select(row => string.Create(CultureInfo.InvariantCulture, $"({row.EpisodeId}, {row.Epoch}, {row.LastUsedAt})")));
            var sql =
                $$"""
                UPDATE instances SET owner = NULL, state = {0}, last_used_at = parked.column3 FROM (VALUES {{rows}}) AS parked
                WHERE instances.episode_id = parked.column1 AND instances.epoch = parked.column2 AND instances.ended_at IS NULL
                """;
            await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
            count += await context.Database.ExecuteSqlRawAsync(sql, [(int)InstanceState.Parked], cancellationToken);
        }

        return count;
    }

    /// <summary>
    /// Leaves some living instances of a worker to whoever takes their next commands. Nothing of them runs any more.
    /// </summary>
    /// <param name="worker">The worker's name.</param>
    /// <param name="episodes">The instances' keys.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <returns>How many they were.</returns>
    public async Task<int> DisownAsync(string worker, IReadOnlyCollection<long> episodes, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Instances
            .Where(row => row.Owner == worker && row.EndedAt == null && episodes.Contains(row.EpisodeId))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Owner, (string?)null), cancellationToken);
    }

    /// <summary>
    /// Leaves all living instances of a draining worker to whoever takes their next commands. What still runs on one of them may be
    /// journaled until it is taken over.
    /// </summary>
    /// <param name="worker">The worker's name.</param>
    /// <param name="environments">The environments whose instances can be replayed.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <returns>How many they were.</returns>
    public async Task<int> DisownAllAsync(string worker, IReadOnlyCollection<string> environments, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Instances
            .Where(row => row.Owner == worker && row.EndedAt == null && environments.Contains(row.EnvType))
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Owner, (string?)null), cancellationToken);
    }

    /// <summary>Records which image an instance was made on, where that is another than its row was claimed with.</summary>
    public async Task MadeOnAsync(long episodeId, int epoch, string imageDigest, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await context.Instances
            .Where(row => row.EpisodeId == episodeId && row.Epoch == epoch)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.ImageDigest, imageDigest), cancellationToken);
    }

    /// <summary>Counts a rebuild that was proven the same.</summary>
    public async Task RecoveredAsync(long episodeId, int epoch, long now, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await context.Instances
            .Where(row => row.EpisodeId == episodeId && row.Epoch == epoch)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.Recoveries, row => row.Recoveries + 1).SetProperty(row => row.RecoveredAt, now), cancellationToken);
    }

    /// <summary>Ends a living instance, where <paramref name="epoch"/> is still its row's.</summary>
    public async Task<bool> EndAsync(long episodeId, int epoch, InstanceState state, string detail, long now, CancellationToken cancellationToken)
    {
        var line = OneLine.OfAll(detail);
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Instances
            .Where(row => row.EpisodeId == episodeId && row.Epoch == epoch && row.EndedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(row => row.State, state)
                    .SetProperty(row => row.EndedAt, now)
                    .SetProperty(row => row.EndDetail, line),
                cancellationToken) == 1;
    }

    private async Task<bool> RaiseEpochAsync(Instance row, string worker, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Instances
            .Where(stored => stored.EpisodeId == row.EpisodeId && stored.Epoch == row.Epoch && stored.EndedAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(stored => stored.Owner, worker)
                    .SetProperty(stored => stored.Epoch, row.Epoch + 1)
                    // Neither an instance that its worker handed over gracefully nor one that its own worker takes again counts as an attempt: no worker died.
                    .SetProperty(stored => stored.Attempts, stored => stored.Owner == null || stored.Owner == worker ? stored.Attempts : stored.Attempts + 1)
                    .SetProperty(stored => stored.State, stored => stored.State == InstanceState.Parked ? InstanceState.Live : stored.State),
                cancellationToken) == 1;
    }
}
