using System.Threading.Channels;
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
    private const int BatchSize = 500;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DisownLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LossLimit = TimeSpan.FromMilliseconds(500);

    /// <param name="cancellationToken">Cuts the waiting short.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.DrainTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        HandedOver(await HandOverAsync(limit.Token) + await DisownAsync(DisownRestAsync));
        if (!await AreReleasedAsync(limit.Token)) await LoseAsync();
    }

    /// <summary>Each instance as soon as nothing runs on it: whoever asks for it meanwhile must not wait for the slowest.</summary>
    private async Task<int> HandOverAsync(CancellationToken cancellationToken)
    {
        var givenUp = Channel.CreateUnbounded<long>();
        var disowning = DisownAsync(givenUp.Reader);
        try
        {
            var all = owned.All.Where(owner => owner.Pool.Traits.Replayable).Select(owner => owner.Mailbox.RunAsync(() => GiveUp(owner, givenUp.Writer)));
            await Task.WhenAll(all).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // What still runs may be journaled until another worker takes its instance over.
        }
        finally
        {
            givenUp.Writer.Complete();
        }

        return await disowning;
    }

    private Task GiveUp(InstanceOwner owner, ChannelWriter<long> givenUp)
    {
        if (!owner.IsLive) return Task.CompletedTask;
        owned.GiveUp(owner);
        givenUp.TryWrite(owner.Row.EpisodeId);
        return Task.CompletedTask;
    }

    /// <summary>Those that are ready together by one statement: there may be ten thousand.</summary>
    private async Task<int> DisownAsync(ChannelReader<long> givenUp)
    {
        var count = 0;
        var batch = new List<long>(BatchSize);
        while (await givenUp.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchSize && givenUp.TryRead(out var episode)) batch.Add(episode);
            count += await DisownAsync(limit => instances.DisownAsync(worker.Name, batch, limit));
        }

        return count;
    }

    /// <summary>What is left: instances whose commands still run, and those of a statement that failed.</summary>
    private Task<int> DisownRestAsync(CancellationToken cancellationToken)
    {
        string[] replayable = [.. pools.All.Where(pool => pool.Traits.Replayable).Select(pool => pool.Environment)];
        return instances.DisownAllAsync(worker.Name, replayable, cancellationToken);
    }

    private async Task<int> DisownAsync(Func<CancellationToken, Task<int>> disown)
    {
        using var limit = new CancellationTokenSource(DisownLimit, time);
        try
        {
            return await disown(limit.Token);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is OperationCanceledException)
        {
            // Their rows still name this worker, whose lease ends: their next commands find that out.
            NotHandedOver(exception);
            return 0;
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

    [LoggerMessage(LogLevel.Information, "this worker drains; {Count} instances have no owner now, and the next command of each rebuilds it from the journal")]
    private partial void HandedOver(int count);

    [LoggerMessage(LogLevel.Warning, "the instances of this worker could not be handed over; they wait for the end of its lease")]
    private partial void NotHandedOver(Exception failure);

    [LoggerMessage(LogLevel.Warning, "instance '{Instance}' is lost with this worker, and its row could not be ended; its next command does that")]
    private partial void NotLost(string instance, Exception failure);
}
