using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using SandQueue.Bench.Compare.Figures;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Bench.Compare.Players;
using SandQueue.Bench.Compare.Programs;

namespace SandQueue.Bench.Start;

/// <summary>Starts processes anew, as often as repeats are asked for, and plays in them from their first call on, then again when they are warm.</summary>
internal sealed class StartRun(StartOptions options)
{
    private const int WarmUpClients = 64;

    private readonly Dictionary<string, List<StartFigures>> _starts = [];

    /// <returns>0; a call that was not answered as it has to be ends the run.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var load = LoadAverage.Now();
        for (var repeat = 1; repeat <= options.Repeats; repeat++)
        {
            foreach (var way in StartOptions.Ways.Where(way => options.Only.Count == 0 || options.Only.Contains(way)))
            {
                var start = await MeasureAsync(way, cancellationToken);
                if (!_starts.TryGetValue(way, out var starts)) _starts[way] = starts = [];
                starts.Add(start);
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{repeat}/{options.Repeats} {way}: up after {start.UpSeconds:0.0} s, first Create {start.FirstCreateMs:0} ms, steps p50 {start.FirstSecondMs:0.00} ms in the first second, {start.Fresh.P50:0.00} in the first {options.Seconds} s, {start.Warm.P50:0.00} warm"));
            }
        }

        var figures = _starts.SelectMany(way => StartFigures.Summary(way.Key, way.Value)).ToDictionary(figure => figure.Key, figure => (object)figure.Value, StringComparer.Ordinal);
        figures["seconds"] = options.Seconds;
        figures["repeats"] = options.Repeats;
        figures["cores"] = Environment.ProcessorCount;
        figures["load_average_before"] = load;
        figures["published"] = options.Published is not null;
        figures["variables"] = options.Variables;
        Console.WriteLine(JsonSerializer.Serialize(figures));
        return 0;
    }

    private async Task<StartFigures> MeasureAsync(string way, CancellationToken cancellationToken)
    {
        await using var programs = await FreshPrograms.StartAsync(way, options);
        cancellationToken.ThrowIfCancellationRequested();

        // The connection is part of the first Create, as it is for a trainer.
        var sent = Stopwatch.GetTimestamp();
        await using var first = await StepPlayer.OpenAsync(programs.Address, numbered: true, cancellationToken);
        var created = Stopwatch.GetElapsedTime(sent).TotalMilliseconds;
        var (fresh, latencies) = await PlayAsync(programs.Measured, [first], options.Seconds, cancellationToken);
        await using var opening = new Opening();
        await opening.AddAsync(WarmUpClients, _ => StepPlayer.OpenAsync(programs.Address, numbered: true, cancellationToken), cancellationToken);
        await PlayAsync(programs.Measured, opening.Players, options.WarmUp, cancellationToken);
        var (warm, _) = await PlayAsync(programs.Measured, [first], options.Seconds, cancellationToken);
        return new StartFigures(programs.UpAfter.TotalSeconds, created, StartFigures.OfFirstSecond(latencies), fresh, warm);
    }

    private static async Task<(Measurement Figures, IReadOnlyList<double> Latencies)> PlayAsync(Measured measured, IReadOnlyList<IPlayer> players, int seconds, CancellationToken cancellationToken)
    {
        var before = measured.Used(ProcessStat.ReadAll(), Environment.ProcessId);
        var result = await ClosedLoop.RunAsync(players, TimeSpan.FromSeconds(seconds), cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        if (result.Errors is [var error, ..]) throw new InvalidDataException(error);
        return (Measurement.Of(result.Units, result.Seconds, result.Latencies, before, measured.Used(ProcessStat.ReadAll(), Environment.ProcessId)), result.Latencies);
    }
}
