using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SandQueue.Bench.Compare.Programs;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Testing;

namespace SandQueue.Bench.Scale;

/// <summary>
/// What a sweep asks of a database with many living instances of which few are idle, by the classes that a worker sweeps with: seconds, and the rows that were
/// read for each instance that was parked or released.
/// </summary>
internal static class SweepPart
{
    private const double MostSeconds = 2;

    /// <summary>Rows read for one that is parked: it is found, locked and written, some of it more than once, but nothing of those that are not idle.</summary>
    private const double MostRowsEach = 10;

    private static readonly TimeSpan Long = TimeSpan.FromDays(365);

    public static async Task<IReadOnlyList<Figure>> RunAsync(ScaleOptions options, CancellationToken cancellationToken)
    {
        await using var server = new PostgresServer();
        if (!await server.StartAsync()) throw new InvalidOperationException(server.Missing);
        await using var database = await JournalDatabase.CreateAsync($"{server.Database("postgres")};{StoredInstances.ShortIdle}", writers: 0);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        var instances = new StoredInstances(source);
        await instances.FillAsync(options.Stored, cancellationToken);

        // The first one compiles the queries.
        await SweepAsync(database.Services, cancellationToken);
        var nothing = await MeasureAsync();
        await instances.AgeAsync(options.Idle, cancellationToken);
        var idle = await MeasureAsync();
        if (idle.Swept != options.Idle) throw new InvalidDataException($"{idle.Swept} of {options.Idle} idle instances were parked or released");
        return
        [
            new Figure("sweep_s", idle.Seconds, AtMost: MostSeconds),
            new Figure("sweep_of_nothing_s", nothing.Seconds),
            new Figure("sweep_rows_read_each", (double)idle.Rows / options.Idle, AtMost: MostRowsEach),
            new Figure("sweep_of_nothing_rows_read", nothing.Rows),
            new Figure("sweep_whole_table_scans", idle.Scans + nothing.Scans, AtMost: 0),
        ];

        async Task<(double Seconds, int Swept, long Rows, long Scans)> MeasureAsync()
        {
            var before = await instances.ReadAsync(cancellationToken);
            var started = Stopwatch.GetTimestamp();
            var swept = await SweepAsync(database.Services, cancellationToken);
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var after = await instances.ReadAsync(cancellationToken);
            return (seconds, swept, after.Rows - before.Rows, after.Scans - before.Scans);
        }
    }

    /// <summary>What a worker's sweep asks of the database, in its order.</summary>
    /// <returns>Instances that were parked or released.</returns>
    private static async Task<int> SweepAsync(IServiceProvider storage, CancellationToken cancellationToken)
    {
        var ownerless = storage.GetRequiredService<OwnerlessInstances>();
        var unused = await ownerless.ListUnusedAsync(StoredInstances.Worker, StoredInstances.Idle, cancellationToken);
        var swept = await storage.GetRequiredService<InstanceDirectory>().ParkAsync(unused, cancellationToken);
        swept += await ownerless.ReleaseUnusedAsync(StoredInstances.Forgotten, "was idle", cancellationToken);
        await ownerless.FailUnmadeAsync(StoredInstances.Forgotten, "was not made", cancellationToken);
        await storage.GetRequiredService<WorkerDirectory>().ForgetAsync(Long, cancellationToken);
        await storage.GetRequiredService<EpisodeCheckpoints>().RemoveEndedAsync(cancellationToken);
        await storage.GetRequiredService<EpisodeRetention>().RemoveAsync(Long, cancellationToken);
        return swept;
    }
}
