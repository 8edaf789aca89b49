using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Storage;
using SandQueue.Storage.Instances;

namespace SandQueue.Bench.Journal;

/// <summary>
/// What a journaled step costs: rows a second, the median wait of a row, and processor time a row of this process and of a PostgreSQL
/// server on this machine, by how many steps wait at once; and how long the claim of a new instance waits beside them.
/// </summary>
internal static class JournalRun
{
    private static readonly int[] Writers = [1, 8, 64, 256];

    public static async Task<int> RunAsync(JournalOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("sandqueue-bench-");
        try
        {
            var storage = options.Postgres.Length > 0
                ? new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = options.Postgres }
                : new StorageOptions { ConnectionString = $"Data Source={Path.Combine(folder.FullName, "journal.db")}" };
            await using var services = new ServiceCollection().AddStorage(storage).BuildServiceProvider();
            await services.MigrateStorageAsync(CancellationToken.None);
            var figures = new Dictionary<string, double>();
            var processor = await ProcessorTime.OfAsync(storage);
            await using var players = await StepWriters.ClaimAsync(services, Writers[^1]);
            await players.RunAsync(16, TimeSpan.FromSeconds(options.Seconds));
            foreach (var writers in Writers) await MeasureAsync(players, writers, options, processor, figures);
            await MeasureClaimsAsync(services.GetRequiredService<InstanceDirectory>(), players, options, figures);
            Console.WriteLine(JsonSerializer.Serialize(figures));
            return 0;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(StepWriters players, int writers, JournalOptions options, ProcessorTime processor, Dictionary<string, double> figures)
    {
        var before = processor.Used();
        var started = Stopwatch.GetTimestamp();
        var waits = await players.RunAsync(writers, TimeSpan.FromSeconds(options.Seconds));
        figures[$"rows_per_s_{writers}"] = Math.Round(waits.Count / Stopwatch.GetElapsedTime(started).TotalSeconds);
        figures[$"p50_ms_{writers}"] = Math.Round(Percentile(waits, .5), 2);
        figures[$"cpu_ms_{writers}"] = Math.Round((processor.Used() - before).TotalMilliseconds / waits.Count, 3);
    }

    private static async Task MeasureClaimsAsync(InstanceDirectory directory, StepWriters players, JournalOptions options, Dictionary<string, double> figures)
    {
        var running = players.RunAsync(64, TimeSpan.FromSeconds(options.Seconds));
        var waits = new List<double>();
        while (!running.IsCompleted)
        {
            var started = Stopwatch.GetTimestamp();
            await directory.ClaimAsync(StepWriters.NewInstance(), CancellationToken.None);
            waits.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        figures["claim_p50_ms_beside_64"] = Math.Round(Percentile(waits, .5), 2);
        figures["claim_p99_ms_beside_64"] = Math.Round(Percentile(waits, .99), 2);
    }

    private static double Percentile(List<double> waits, double share)
    {
        waits.Sort();
        return waits[(int)(share * (waits.Count - 1))];
    }
}
