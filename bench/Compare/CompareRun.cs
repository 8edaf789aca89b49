using System.Globalization;
using System.Text.Json;
using SandQueue.Bench.Compare.Figures;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Bench.Compare.Paths;
using SandQueue.Bench.Compare.Players;
using SandQueue.Bench.Compare.Programs;

namespace SandQueue.Bench.Compare;

/// <summary>Warms all paths up, then measures them in turn, as often as repeats are asked for, and prints medians.</summary>
internal sealed class CompareRun(CompareOptions options)
{
    /// <summary>What each player does before it is measured: its connection, its instance and its buffers are new.</summary>
    private static readonly TimeSpan RunUp = TimeSpan.FromSeconds(0.3);

    private readonly TimeSpan _length = TimeSpan.FromSeconds(options.Seconds);
    private readonly Dictionary<(ComparedPath Path, int Clients), List<(Measurement Closed, Measurement? Open, double Arrivals)>> _measured = [];
    private readonly List<string> _errors = [];

    /// <returns>0, or 1 where a call was not answered as it has to be.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var load = LoadAverage.Now();
        await using (var started = new StartedPaths())
        {
            await started.StartAsync(options, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            foreach (var path in started.Paths) await WarmUpAsync(path, cancellationToken);
            for (var repeat = 1; repeat <= options.Repeats; repeat++)
            {
                foreach (var path in started.Paths)
                {
                    foreach (var clients in path.Clients) await MeasureAsync(path, clients, repeat, cancellationToken);
                }
            }
        }

        Report(load);
        return _errors.Count == 0 ? 0 : 1;
    }

    private async Task WarmUpAsync(ComparedPath path, CancellationToken cancellationToken)
    {
        var time = TimeSpan.FromSeconds(options.WarmUp * path.WarmUp);
        await Console.Error.WriteLineAsync($"{path.Name}: warms up for {time.TotalSeconds:0} s");
        await using var opening = new Opening();
        await opening.AddAsync(path.WarmUpClients, number => path.Open(number, cancellationToken), cancellationToken);
        Keep(path, path.WarmUpClients, await ClosedLoop.RunAsync(opening.Players, time, cancellationToken));
    }

    private async Task MeasureAsync(ComparedPath path, int clients, int repeat, CancellationToken cancellationToken)
    {
        await using var opening = new Opening();
        await opening.AddAsync(clients, number => path.Open(number, cancellationToken), cancellationToken);
        Keep(path, clients, await ClosedLoop.RunAsync(opening.Players, RunUp, cancellationToken));
        var closed = await MeasuredAsync(path, clients, () => ClosedLoop.RunAsync(opening.Players, _length, cancellationToken));
        var arrivals = options.Rate > 0 ? options.Rate : closed.Rate / 2;
        var open = path.HasOpenLoop && arrivals > 0 ? await MeasuredAsync(path, clients, () => OpenLoop.RunAsync(opening.Players, arrivals, _length, cancellationToken)) : null;
        if (!_measured.TryGetValue((path, clients), out var repeats)) _measured[(path, clients)] = repeats = [];
        repeats.Add((closed, open, arrivals));
        await Console.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{repeat}/{options.Repeats} {path.Name} at {clients}: {closed.Rate:0} {path.Unit}s/s, p50 {closed.P50:0.00} ms, {closed.ProcessorTotal:0.000} ms of processor time each"));
    }

    private async Task<Measurement> MeasuredAsync(ComparedPath path, int clients, Func<Task<LoopResult>> measure)
    {
        var before = path.Measured.Used(ProcessStat.ReadAll(), Environment.ProcessId);
        var result = Keep(path, clients, await measure());
        return Measurement.Of(result.Units, result.Seconds, result.Latencies, before, path.Measured.Used(ProcessStat.ReadAll(), Environment.ProcessId));
    }

    private LoopResult Keep(ComparedPath path, int clients, LoopResult result)
    {
        foreach (var error in result.Errors)
        {
            if (_errors.Count < 10) Console.Error.WriteLine($"{path.Name} at {clients}: {error}");
            _errors.Add(error);
        }

        return result;
    }

    private void Report(double load)
    {
        List<Row> rows = [.. _measured.Select(measured => new Row(measured.Key.Path.Name, measured.Key.Clients, measured.Key.Path.Unit)
        {
            Closed = Measurement.Median([.. measured.Value.Select(repeat => repeat.Closed)]),
            Open = measured.Value.Select(repeat => repeat.Open).OfType<Measurement>().ToList() is { Count: > 0 } open ? Measurement.Median(open) : null,
            Arrivals = Statistics.Median(measured.Value.Select(repeat => repeat.Arrivals)),
        })];
        Console.WriteLine($"Closed loop: each client calls when it was answered.\n\n{FigureTable.Closed(rows)}\n");
        if (rows.Exists(row => row.Open is not null)) Console.WriteLine($"Open loop: calls arrive at a fixed rate; latency counts from when a call was to be sent.\n\n{FigureTable.Open(rows)}\n");
        var figures = Summary.Of(rows);
        figures["seconds"] = options.Seconds;
        figures["repeats"] = options.Repeats;
        figures["cores"] = Environment.ProcessorCount;
        figures["load_average_before"] = load;
        figures["errors"] = _errors.Count;
        Console.WriteLine(JsonSerializer.Serialize(figures));
    }
}
