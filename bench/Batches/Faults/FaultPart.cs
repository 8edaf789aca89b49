using System.Diagnostics;
using System.Text.Json.Nodes;
using Npgsql;
using SandQueue.Bench.Farm;

namespace SandQueue.Bench.Batches.Faults;

/// <summary>The same batch twice on one farm of three workers: undisturbed, and while workers, broker and database are killed or restarted.</summary>
internal sealed class FaultPart(BatchesOptions options, Findings findings)
{
    /// <summary>Tasks of the sample; each is repeated.</summary>
    private const int SampleTasks = 25;

    /// <summary>No fault begins before so many of a hundred rollouts have ended since the one before.</summary>
    private const int PercentBetween = 13;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly List<string> _faults = [];

    public async Task<Dictionary<string, object?>> RunAsync()
    {
        await using var farm = new BenchFarm("bfcl", options.BfclSettings());
        await farm.StartAsync(gateways: 1, workers: 3);
        await using var database = NpgsqlDataSource.Create(farm.Database);
        using var caller = new BatchCaller(farm.Urls[0]);
        await caller.ServedAsync("bfcl");
        await caller.PlayAsync(Request("warm-up", Math.Min(options.Tasks, 200)));
        var calm = await caller.PlayAsync(Request("calm", options.Tasks));
        var broken = await caller.PlayAsync(Request("faults", options.Tasks), () => BreakAsync(farm, database));

        calm.CheckAllCompleted(findings);
        broken.CheckAllCompleted(findings);
        findings.Same("faults that happened while the batch ran", 6, _faults.Count);
        foreach (var (number, reward) in calm.Rewards)
        {
            var found = broken.Rewards.TryGetValue(number, out var other) ? other : (double?)null;
            findings.Require(reward.Equals(found), FormattableString.Invariant($"rollout {number} had reward {reward} without faults and {found} with them"));
        }

        findings.Require(calm.Mean.Equals(broken.Mean), FormattableString.Invariant($"mean reward {broken.Mean} with faults and {calm.Mean} without"));
        var calmBooks = await BatchBooks.ReadAsync(database, "calm", findings);
        var books = await BatchBooks.ReadAsync(database, "faults", findings);
        return new Dictionary<string, object?>
        {
            ["data"] = options.Data is null ? "sample" : "folder",
            ["items"] = broken.Items,
            ["workers"] = 3,
            ["concurrency"] = options.Concurrency,
            ["faults"] = _faults,
            ["ends"] = broken.Ends,
            ["mean_reward"] = broken.Mean,
            ["mean_reward_without_faults"] = calm.Mean,
            ["books"] = books,
            ["books_without_faults"] = calmBooks,
            ["seconds"] = Math.Round(broken.Seconds, 1),
            ["seconds_without_faults"] = Math.Round(calm.Seconds, 1),
            ["rollouts_per_second"] = Math.Round(broken.Items / broken.Seconds, 1),
            ["rollouts_per_second_without_faults"] = Math.Round(calm.Items / calm.Seconds, 1),
        };
    }

    private JsonObject Request(string id, int rollouts)
    {
        var tasks = options.Data is null ? Math.Min(SampleTasks, rollouts) : rollouts;
        return new JsonObject
        {
            ["env_type"] = "bfcl",
            ["batch_id"] = id,
            ["split"] = "all",
            ["sample"] = new JsonObject { ["n"] = tasks, ["seed"] = 1 },
            ["repeats"] = rollouts / tasks,
            ["concurrency"] = options.Concurrency,
            ["policy"] = new JsonObject { ["type"] = "gold" },
        };
    }

    private async Task BreakAsync(BenchFarm farm, NpgsqlDataSource database)
    {
        var started = Stopwatch.GetTimestamp();
        (string What, Func<Task> Happens)[] faults =
        [
            ("worker 0 killed", () => farm.KillWorkerAsync(0)),
            ("broker restarted", farm.RestartBrokerAsync),
            ("database restarted", farm.RestartDatabaseAsync),
            ("worker 1 killed", () => farm.KillWorkerAsync(1)),
            ("database restarted", farm.RestartDatabaseAsync),
            ("broker restarted", farm.RestartBrokerAsync),
        ];
        var due = 0;
        foreach (var (what, happens) in faults)
        {
            due += options.Tasks * PercentBetween / 100;
            int ended;
            while ((ended = await EndedAsync(database)) < due)
            {
                if (Stopwatch.GetElapsedTime(started) > BatchCaller.Limit) throw new TimeoutException($"{due} rollouts have not ended after {BatchCaller.Limit.TotalMinutes:0} minutes: {ended} have");
                await Task.Delay(Pause);
            }

            // A fault after the end breaks nothing, and does not count.
            if (ended >= options.Tasks) return;
            var at = Stopwatch.GetElapsedTime(started).TotalSeconds;
            await happens();
            _faults.Add(FormattableString.Invariant($"{what} at {ended} rollouts, after {at:0.0} s, for {Stopwatch.GetElapsedTime(started).TotalSeconds - at:0.0} s"));
            await Console.Error.WriteLineAsync(_faults[^1]);
        }
    }

    private static async Task<int> EndedAsync(NpgsqlDataSource database)
    {
        try
        {
            await using var command = database.CreateCommand("""SELECT count(*) FROM rollouts r JOIN batches b ON b.id = r.batch WHERE b.batch_id = 'faults' AND r."end" IS NOT NULL""");
            return (int)(long)(await command.ExecuteScalarAsync())!;
        }
        catch (NpgsqlException)
        {
            // It was restarted a moment ago, and this connection with it.
            return 0;
        }
    }
}
