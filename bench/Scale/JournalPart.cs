using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SandQueue.Bench.Compare.Figures;
using SandQueue.Bench.Compare.Programs;
using SandQueue.Bench.Journal;
using SandQueue.Storage;
using SandQueue.Testing;

namespace SandQueue.Bench.Scale;

/// <summary>
/// What a row of a step costs in a journal of millions, beside an empty one, by the class that a worker writes its journal with. Both are measured in turn. The
/// journal is all of a step that can know how many there were before.
/// </summary>
internal static class JournalPart
{
    private const int Writers = 64;
    private const double MostRatio = 1.1;

    public static async Task<IReadOnlyList<Figure>> RunAsync(ScaleOptions options, CancellationToken cancellationToken) =>
        [.. await PostgresAsync(options, cancellationToken), .. await SqliteAsync(options, cancellationToken)];

    private static async Task<IReadOnlyList<Figure>> PostgresAsync(ScaleOptions options, CancellationToken cancellationToken)
    {
        await using var server = new PostgresServer();
        if (!await server.StartAsync()) throw new InvalidOperationException(server.Missing);
        await using var empty = await JournalDatabase.CreateAsync(server.Database("postgres"), Writers);
        await using var full = await JournalDatabase.CreateAsync(server.Database("postgres"), Writers);
        await using (var source = NpgsqlDataSource.Create(full.ConnectionString)) await FilledJournal.FillAsync(source, options.Rows, cancellationToken);
        return await CompareAsync("journal_postgres", empty.Writers, full.Writers, options);
    }

    private static async Task<IReadOnlyList<Figure>> SqliteAsync(ScaleOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("sqb-");
        try
        {
            await using var empty = await OpenAsync("empty");
            await using var full = await OpenAsync("full");
            await FilledJournal.FillAsync(Path("full"), options.Rows / 10, cancellationToken);
            await using var emptyWriters = await StepWriters.ClaimAsync(empty, Writers);
            await using var fullWriters = await StepWriters.ClaimAsync(full, Writers);
            return await CompareAsync("journal_sqlite", emptyWriters, fullWriters, options);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        string Path(string name) => System.IO.Path.Combine(folder.FullName, $"{name}.db");

        async Task<ServiceProvider> OpenAsync(string name)
        {
            var storage = new StorageOptions { Database = DatabaseKind.Sqlite, ConnectionString = $"Data Source={Path(name)}" };
            var services = new ServiceCollection().AddStorage(storage).BuildServiceProvider();
            await services.MigrateStorageAsync(cancellationToken);
            return services;
        }
    }

    /// <summary>In turn, the first of a round changing with each: the ratio within a round says more than two figures of different minutes.</summary>
    private static async Task<IReadOnlyList<Figure>> CompareAsync(string name, StepWriters empty, StepWriters full, ScaleOptions options)
    {
        var length = TimeSpan.FromSeconds(options.Seconds);
        foreach (var writers in (StepWriters[])[empty, full]) await RowsPerSecondAsync(writers, length);
        List<double> ofEmpty = [], ofFull = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            var isFullFirst = round % 2 == 1;
            if (isFullFirst) ofFull.Add(await RowsPerSecondAsync(full, length));
            ofEmpty.Add(await RowsPerSecondAsync(empty, length));
            if (!isFullFirst) ofFull.Add(await RowsPerSecondAsync(full, length));
        }

        return
        [
            new Figure($"{name}_empty_rows_per_s", Statistics.Median(ofEmpty)),
            new Figure($"{name}_full_rows_per_s", Statistics.Median(ofFull)),
            new Figure($"{name}_cost_full_to_empty", Statistics.Median(ofEmpty.Zip(ofFull, (one, other) => one / other)), AtMost: MostRatio),
        ];
    }

    private static async Task<double> RowsPerSecondAsync(StepWriters writers, TimeSpan length)
    {
        var started = Stopwatch.GetTimestamp();
        var rows = await writers.RunAsync(Writers, length);
        return rows.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
