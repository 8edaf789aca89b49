using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Contracts;
using SandQueue.Storage;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Storage.Sqlite;

namespace SandQueue.Bench.Journal;

/// <summary>What a journaled step costs on SQLite: alone, grouped, by EF's own inserts, and with each way to sync the disk.</summary>
internal static class JournalRun
{
    private const int Rows = 2_000;
    private const int Instances = 64;

    public static async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("sandqueue-bench-");
        try
        {
            var file = Path.Combine(folder.FullName, "journal.db");
            await using var services = new ServiceCollection()
                .AddStorage(new StorageOptions { ConnectionString = $"Data Source={file}" })
                .BuildServiceProvider();
            await services.MigrateStorageAsync(CancellationToken.None);
            var instances = await ClaimAsync(services.GetRequiredService<InstanceDirectory>());
            var journal = services.GetRequiredService<EpisodeJournal>();

            await AppendAsync(journal, instances, Rows / 10, writers: 1);
            var isolated = await AppendAsync(journal, instances, Rows, writers: 1);
            var before = new FileInfo(file).Length + new FileInfo($"{file}-wal").Length;
            var grouped = await AppendAsync(journal, instances, Rows * 5, writers: Instances);
            var after = new FileInfo(file).Length + new FileInfo($"{file}-wal").Length;
            var contexts = services.GetRequiredService<IDbContextFactory<SqliteContext>>();
            await AddRangeAsync(contexts, 32);
            Print(new()
            {
                ["us_alone"] = isolated,
                ["us_grouped_64"] = grouped,
                ["bytes_per_step"] = Math.Round((after - before) / (Rows * 5.0)),
                ["us_ef_add_range_32"] = await AddRangeAsync(contexts, Rows),
                ["us_commit_full"] = Commit(folder.FullName, "FULL"),
                ["us_commit_normal"] = Commit(folder.FullName, "NORMAL"),
            });
            return 0;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Instance[]> ClaimAsync(InstanceDirectory directory)
    {
        var claimed = new Instance[Instances];
        for (var i = 0; i < claimed.Length; i++)
        {
            claimed[i] = new Instance { Tenant = "bench", InstanceId = $"i{i}", EnvType = "frozenlake", TaskId = "4x4-0", Params = [], State = InstanceState.Live, Epoch = 1 };
            await directory.ClaimAsync(claimed[i], CancellationToken.None);
        }

        return claimed;
    }

    /// <returns>Microseconds a row.</returns>
    private static async Task<double> AppendAsync(EpisodeJournal journal, Instance[] instances, int rows, int writers)
    {
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var instance = instances[writer];
            for (var i = 0; i < rows / writers; i++)
            {
                var progress = new InstanceProgress
                {
                    EpisodeId = instance.EpisodeId, Epoch = 1, FromStep = instance.NextStep, NextStep = ++instance.NextStep, State = InstanceState.Live, LastUsedAt = i,
                };
                var verdict = await journal.AppendAsync(new JournalAppend(Entry(instance.EpisodeId, progress.FromStep), progress), CancellationToken.None);
                if (verdict != JournalVerdict.Committed) throw new InvalidOperationException($"a row was not committed: {verdict}");
            }
        }));
        return Math.Round(Stopwatch.GetElapsedTime(started).TotalMicroseconds / (rows / writers * writers), 1);
    }

    private static async Task<double> AddRangeAsync(IDbContextFactory<SqliteContext> contexts, int rows)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < rows; i += 32)
        {
            await using var context = await contexts.CreateDbContextAsync();
            context.Journal.AddRange(Enumerable.Range(0, 32).Select(_ => Entry(null, null)));
            await context.SaveChangesAsync();
        }

        return Math.Round(Stopwatch.GetElapsedTime(started).TotalMicroseconds / rows, 1);
    }

    private static double Commit(string folder, string synchronous)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, $"{synchronous}.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; CREATE TABLE rows(bytes BLOB);";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO rows VALUES (zeroblob(400))";
        command.ExecuteNonQuery();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Rows; i++) command.ExecuteNonQuery();
        return Math.Round(Stopwatch.GetElapsedTime(started).TotalMicroseconds / Rows, 1);
    }

    private static JournalEntry Entry(long? episode, int? step) => new()
    {
        Tenant = "bench",
        CommandId = Guid.NewGuid().ToString("n"),
        EpisodeId = episode,
        Kind = JournalKind.Step,
        Step = step,
        End = CommandEnd.Completed,
        Action = new byte[60],
        Answer = new byte[200],
        ObservationHash = new byte[32],
        Reward = 0,
        Worker = "bench",
        Epoch = 1,
    };

    private static void Print(Dictionary<string, double> figures) => Console.WriteLine(JsonSerializer.Serialize(figures));
}
