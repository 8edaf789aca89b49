using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Draining;

/// <summary>
/// Lets go of every instance of a worker that leaves. What can be replayed is left to whoever takes its next command; what
/// cannot is waited for, and lost when the time is up. Commands that run are finished first.
/// </summary>
internal sealed partial class InstanceHandover(
    OwnedInstances owned,
    InstanceDirectory instances,
    EnvironmentPools pools,
    WorkerIdentity worker,
    IOptions<WorkerOptions> options,
    TimeProvider time,
    ILogger<InstanceHandover> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DisownLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestLoss = TimeSpan.FromMilliseconds(500);

    /// <param name="cancellationToken">Cuts the waiting short.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.DrainTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var quiet = owned.All.Where(owner => owner.Pool.Traits.Replayable).Select(owner => WithinMailboxAsync(owner, () => LetGo(owner)));
            await Task.WhenAll(quiet).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What still runs may be journaled until another worker takes its instance over.
        }

        await DisownAsync();
        if (!await AreReleasedAsync(limit.Token)) await LoseAsync();
    }

    private Task LetGo(InstanceOwner owner)
    {
        if (owner.IsClaimed && owner.Ended is null && !owner.Abandoned) owned.GiveUp(owner);
        return Task.CompletedTask;
    }

    /// <summary>One statement for all of them: there may be ten thousand.</summary>
    private async Task DisownAsync()
    {
        using var limit = new CancellationTokenSource(DisownLimit, time);
        try
        {
            string[] replayable = [.. pools.All.Where(pool => pool.Traits.Replayable).Select(pool => pool.Environment)];
            HandedOver(await instances.DisownAllAsync(worker.Name, replayable, limit.Token));
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is OperationCanceledException)
        {
            // Their rows still name this worker, whose lease ends: their next commands find that out.
            NotHandedOver(exception);
        }
    }

    /// <summary>Waits until the instances that cannot be replayed are released.</summary>
    private async Task<bool> AreReleasedAsync(CancellationToken limit)
    {
        using var timer = new PeriodicTimer(Look, time);
        try
        {
            while (owned.All.Any(owner => !owner.Pool.Traits.Replayable)) await timer.WaitForNextTickAsync(limit);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task LoseAsync()
    {
        var lost = owned.All.Where(owner => !owner.Pool.Traits.Replayable).Select(owner => WithinMailboxAsync(owner, () => LoseAsync(owner)));
        // One whose command hangs has its row ended by nobody: its next owner finds out what can be done.
        await Task.WhenAny(Task.WhenAll(lost), Task.Delay(LongestLoss, time, CancellationToken.None));
    }

    private async Task LoseAsync(InstanceOwner owner)
    {
        if (!owner.IsClaimed || owner.Ended is not null || owner.Abandoned) return;
        await instances.EndAsync(
            owner.EpisodeId,
            owner.Epoch,
            InstanceState.Lost,
            $"was lost: its worker left, and '{owner.EnvType}' cannot be replayed,",
            owner.Now,
            CancellationToken.None);
        owned.GiveUp(owner);
    }

    private static Task WithinMailboxAsync(InstanceOwner owner, Func<Task> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        owner.Post(async () =>
        {
            try
            {
                await work();
            }
            finally
            {
                done.SetResult();
            }
        });
        return done.Task;
    }

    [LoggerMessage(LogLevel.Information, "this worker leaves; {Count} instances were left to others")]
    private partial void HandedOver(int count);

    [LoggerMessage(LogLevel.Warning, "the instances of this worker could not be left to others in good order; they wait for the end of its lease")]
    private partial void NotHandedOver(Exception failure);
}
