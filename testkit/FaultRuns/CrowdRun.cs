using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using SandQueue.FaultRuns.Clients;
using SandQueue.FaultRuns.Farm;
using SandQueue.Testing;

namespace SandQueue.FaultRuns;

/// <summary>
/// Many callers for few slots, half of whom hang up while they wait: how many instances were made, how much the full farm asks its database, and how
/// many slots are taken once all callers are gone, and whether others can take all of them.
/// </summary>
public sealed class CrowdRun(RabbitMqServer rabbit, PostgresServer postgres, int callers, int slots, int workers, TimeSpan length, Action<string> say)
{
    private static readonly TimeSpan IdleLength = TimeSpan.FromSeconds(10);

    /// <summary>A hang-up may still be on its way.</summary>
    private static readonly TimeSpan FreeLimit = TimeSpan.FromSeconds(60);

    /// <summary>Longer than an instance that nobody has used keeps a slot for which others wait.</summary>
    private static readonly TimeSpan FillLimit = TimeSpan.FromMinutes(4);

    /// <returns>The figures, as a line of JSON.</returns>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var options = new FaultRunOptions { Workers = workers, Gateways = 1, Instances = 16, CrowdSlotsPerWorker = (slots + workers - 1) / workers };
        await using var farm = await FaultFarm.StartAsync(rabbit, postgres, engine: null, options);
        var crowd = new Crowd(farm.Gateways[0].Address, new CrowdOptions
        {
            Callers = callers,
            Named = 0,
            Patience = (TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5)),
            Hold = (TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)),
        });
        say($"the farm is up: {workers} workers with {options.CrowdSlotsPerWorker} slots each");
        var idle = await MeasureAsync(farm, () => Task.Delay(IdleLength, cancellationToken));
        say($"{callers} callers for {length.TotalSeconds:0} s");
        var playing = Task.CompletedTask;
        var full = await MeasureAsync(farm, () =>
        {
            playing = crowd.PlayAsync(length);
            return Task.WhenAny(playing, Task.Delay(length, cancellationToken));
        });
        await playing.WaitAsync(cancellationToken);
        foreach (var other in crowd.Counts.Others.Take(5)) say(other);
        var gone = Stopwatch.GetTimestamp();
        var held = await HeldAsync(farm);
        var free = Math.Round(Stopwatch.GetElapsedTime(gone).TotalSeconds, 1);
        say("as many callers as there are slots");
        var (filling, blocked) = (Stopwatch.GetTimestamp(), await crowd.FillAsync(options.CrowdSlotsPerWorker * workers, FillLimit));
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["callers"] = callers,
            ["slots"] = options.CrowdSlotsPerWorker * workers,
            ["workers"] = workers,
            ["seconds"] = length.TotalSeconds,
            ["creates"] = crowd.Counts.Asked,
            ["answered"] = crowd.Counts.Answered,
            ["hung_up"] = crowd.Counts.HungUp,
            ["no_capacity"] = crowd.Counts.NoCapacity,
            ["other"] = crowd.Counts.Other,
            ["not_released"] = crowd.Counts.NotReleased,
            ["live_a_minute_later"] = held,
            ["all_slots_free_after_s"] = held > 0 ? -1 : free,
            ["held_by_nobody"] = blocked,
            ["all_slots_taken_again_after_s"] = Math.Round(Stopwatch.GetElapsedTime(filling).TotalSeconds, 1),
            ["idle_database_requests_per_second_per_worker"] = idle.PerWorker,
            ["database_requests_per_second_per_worker"] = full.PerWorker,
            ["idle_transactions_per_second"] = idle.Transactions,
            ["transactions_per_second"] = full.Transactions,
        });
    }

    /// <returns>Pieces that each worker sent to the database in a second, which are its statements; and the transactions of all programs.</returns>
    private async Task<(double PerWorker, double Transactions)> MeasureAsync(FaultFarm farm, Func<Task> meanwhile)
    {
        var (started, asked, transactions) = (Stopwatch.GetTimestamp(), Asked(), await TransactionsAsync(farm));
        await meanwhile();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (Math.Round((Asked() - asked) / seconds / workers, 1), Math.Round((await TransactionsAsync(farm) - transactions) / seconds, 1));

        long Asked() => farm.Workers.Sum(worker => (long)worker.DatabaseLine.Asked);
    }

    private static async Task<long> TransactionsAsync(FaultFarm farm)
    {
        await using var source = NpgsqlDataSource.Create($"{farm.Database};Pooling=false");
        await using var command = source.CreateCommand("SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<int> HeldAsync(FaultFarm farm)
    {
        var started = Stopwatch.GetTimestamp();
        while (await farm.CountLivingAsync(Crowd.Environment) is > 0 and var held)
        {
            if (Stopwatch.GetElapsedTime(started) > FreeLimit) return held;
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }

        return 0;
    }
}
