using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Storage;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Draining;

/// <summary>
/// Hands over every instance of a worker that drains. What can be replayed is left to whoever takes its next command; what
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
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DisownLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LossLimit = TimeSpan.FromMilliseconds(500);

    /// <param name="cancellationToken">Cuts the waiting short.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.DrainTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var givenUp = owned.All.Where(owner => owner.Pool.Traits.Replayable).Select(owner => owner.Mailbox.RunAsync(() => GiveUp(owner)));
            await Task.WhenAll(givenUp).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // What still runs may be journaled until another worker takes its instance over.
        }

        await DisownAsync();
        if (!await AreReleasedAsync(limit.Token)) await LoseAsync();
    }

    private Task GiveUp(InstanceOwner owner)
    {
        if (owner.IsLive) owned.GiveUp(owner);
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
        using var timer = new PeriodicTimer(Poll, time);
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
        var lost = owned.All.Where(owner => !owner.Pool.Traits.Replayable).Select(owner => owner.Mailbox.RunAsync(() => LoseAsync(owner)));
        // One whose command hangs has its row ended by nobody: its next owner finds out what can be done.
        await Task.WhenAny(Task.WhenAll(lost), Task.Delay(LossLimit, time, CancellationToken.None));
    }

    private async Task LoseAsync(InstanceOwner owner)
    {
        if (!owner.IsLive) return;
        try
        {
            await instances.EndAsync(
                owner.Row.EpisodeId,
                owner.Row.Epoch,
                InstanceState.Lost,
                $"was lost: its worker was drained, and '{owner.Row.EnvType}' cannot be replayed,",
                owner.Now,
                CancellationToken.None);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            // Its next owner ends it.
            NotLost(owner.InstanceId, exception);
        }

        owned.GiveUp(owner);
    }

    [LoggerMessage(LogLevel.Information, "this worker drains; {Count} instances were handed over to other workers")]
    private partial void HandedOver(int count);

    [LoggerMessage(LogLevel.Warning, "the instances of this worker could not be handed over; they wait for the end of its lease")]
    private partial void NotHandedOver(Exception failure);

    [LoggerMessage(LogLevel.Warning, "instance '{Instance}' is lost with this worker, and its row could not be ended; its next command does that")]
    private partial void NotLost(string instance, Exception failure);
}
