using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Bench.Journal;

/// <summary>Instances that each append one step after the other.</summary>
internal sealed class StepWriters(EpisodeJournal journal, Instance[] instances) : IAsyncDisposable
{
    public static async Task<StepWriters> ClaimAsync(IServiceProvider services, int most)
    {
        var directory = services.GetRequiredService<InstanceDirectory>();
        var instances = new Instance[most];
        for (var i = 0; i < most; i++)
        {
            instances[i] = NewInstance();
            await directory.ClaimAsync(instances[i], CancellationToken.None);
        }

        return new StepWriters(services.GetRequiredService<EpisodeJournal>(), instances);
    }

    public static Instance NewInstance() => new()
    {
        Tenant = "bench", InstanceId = Guid.CreateVersion7().ToString("n"), EnvType = "frozenlake", TaskId = "4x4-0", Params = [], State = InstanceState.Live, Epoch = 1,
    };

    /// <returns>How long each row waited for its commit, in milliseconds.</returns>
    public async Task<List<double>> RunAsync(int writers, TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var waits = await Task.WhenAll(instances.Take(writers).Select(instance => Task.Run(() => WriteAsync(instance, end))));
        return [.. waits.SelectMany(wait => wait)];
    }

    /// <summary>Appends the next step of one instance, by its number; one at a time.</summary>
    /// <exception cref="InvalidOperationException">It was not committed.</exception>
    public Task AppendAsync(int writer) => AppendAsync(instances[writer]);

    public ValueTask DisposeAsync() => journal.DisposeAsync();

    private async Task<List<double>> WriteAsync(Instance instance, long end)
    {
        var waits = new List<double>();
        while (Stopwatch.GetTimestamp() is var started && started < end)
        {
            await AppendAsync(instance);
            waits.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        return waits;
    }

    private async Task AppendAsync(Instance instance)
    {
        var step = instance.NextStep++;
        var progress = new InstanceProgress
        {
            EpisodeId = instance.EpisodeId, Epoch = 1, FromStep = step, NextStep = step + 1, State = InstanceState.Live, LastUsedAt = step,
        };
        var verdict = await journal.AppendAsync(new JournalAppend(Entry(instance, step), progress), CancellationToken.None);
        if (verdict != JournalVerdict.Committed) throw new InvalidOperationException($"a row was not committed: {verdict}");
    }

    private static JournalEntry Entry(Instance instance, int step) => new()
    {
        Tenant = instance.Tenant,
        CommandId = Guid.CreateVersion7().ToString("n"),
        EpisodeId = instance.EpisodeId,
        Kind = JournalKind.Step,
        Step = step,
        End = CommandEnd.Completed,
        Action = new byte[120],
        Answer = new byte[600],
        ObservationHash = new byte[32],
        Reward = 0,
        Worker = "bench",
        Epoch = 1,
    };
}
