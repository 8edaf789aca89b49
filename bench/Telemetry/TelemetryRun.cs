using System.Globalization;
using System.Net;
using System.Text.Json;
using SandQueue.Bench.Compare.Figures;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Bench.Compare.Players;

namespace SandQueue.Bench.Telemetry;

/// <summary>
/// What telemetry costs a step: an embedded program without it, one that shows metrics and exports everything, and one that shows metrics and exports the rest.
/// They are measured in turn, for the machine is never the same for long: what is said is the ratio within each round. They are also started anew a few times,
/// for two programs of the same kind differ by a few percent in what was compiled for them.
/// </summary>
internal static class TelemetryRun
{
    private static readonly TimeSpan RunUp = TimeSpan.FromSeconds(0.3);

    public static async Task<int> RunAsync(TelemetryOptions options)
    {
        await using var sink = new OtlpSink();
        var rounds = new List<Dictionary<string, StepCost>>();
        for (var start = 0; start < options.Starts; start++) rounds.AddRange(await MeasureAsync(sink, options, start));
        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["on"] = Ratios(rounds, TelemetryProgram.On),
            ["on_without_metrics_over_otlp"] = Ratios(rounds, TelemetryProgram.Shown),
            ["off_steps_per_second"] = Spread(rounds.ConvertAll(round => round[TelemetryProgram.Off].Rate)),
            ["off_processor_ms"] = Spread(rounds.ConvertAll(round => round[TelemetryProgram.Off].Milliseconds)),
            ["span_bytes"] = sink.SpanBytes,
            ["starts"] = options.Starts,
            ["rounds"] = rounds.Count,
            ["seconds"] = options.Seconds,
            ["clients"] = options.Clients,
        }));
        return 0;
    }

    /// <summary>Measures programs that are started for it, as many rounds as asked.</summary>
    private static async Task<List<Dictionary<string, StepCost>>> MeasureAsync(OtlpSink sink, TelemetryOptions options, int start)
    {
        var programs = new List<TelemetryProgram>();
        try
        {
            foreach (var kind in Turned(TelemetryProgram.Kinds, start)) programs.Add(await TelemetryProgram.StartAsync(kind, sink.Endpoint));
            foreach (var program in programs) await MeasureAsync(program, options.Clients, TimeSpan.FromSeconds(options.WarmUp));
            var rounds = new List<Dictionary<string, StepCost>>();
            for (var number = 0; number < options.Rounds; number++)
            {
                var round = new Dictionary<string, StepCost>(StringComparer.Ordinal);
                foreach (var program in Turned(programs, number)) round[program.Kind] = await MeasureAsync(program, options.Clients, TimeSpan.FromSeconds(options.Seconds));
                rounds.Add(round);
                await Console.Error.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"start {start + 1}, round {number + 1}: {string.Join("; ", round.Select(of => $"{of.Key} {of.Value}"))}"));
            }

            return rounds;
        }
        finally
        {
            foreach (var program in programs) await program.DisposeAsync();
        }
    }

    private static async Task<StepCost> MeasureAsync(TelemetryProgram program, int clients, TimeSpan length)
    {
        var address = new IPEndPoint(IPAddress.Loopback, program.Port);
        await using var opening = new Opening();
        await opening.AddAsync(clients, _ => StepPlayer.OpenAsync(address, numbered: true, CancellationToken.None), CancellationToken.None);
        await ClosedLoop.RunAsync(opening.Players, RunUp, CancellationToken.None);
        var before = program.Used;
        var result = await ClosedLoop.RunAsync(opening.Players, length, CancellationToken.None);
        var used = program.Used.MillisecondsSince(before);
        return result.Errors is [] ? new StepCost(result.Units / result.Seconds, used / result.Units) : throw new InvalidDataException(result.Errors[0]);
    }

    /// <summary>The same in an order that begins elsewhere each time: none is always the first.</summary>
    private static IEnumerable<T> Turned<T>(IReadOnlyList<T> items, int by) => Enumerable.Range(0, items.Count).Select(index => items[(index + by) % items.Count]);

    private static Dictionary<string, object> Ratios(List<Dictionary<string, StepCost>> rounds, string kind) => new()
    {
        ["steps"] = Spread(rounds.ConvertAll(round => round[kind].Rate / round[TelemetryProgram.Off].Rate)),
        ["processor"] = Spread(rounds.ConvertAll(round => round[kind].Milliseconds / round[TelemetryProgram.Off].Milliseconds)),
    };

    private static Dictionary<string, double> Spread(List<double> values)
    {
        values.Sort();
        return new Dictionary<string, double>
        {
            ["median"] = Round(Statistics.Median(values)),
            ["quarter"] = Round(values[values.Count / 4]),
            ["three_quarters"] = Round(values[values.Count * 3 / 4]),
            ["least"] = Round(values[0]),
            ["most"] = Round(values[^1]),
        };
    }

    private static double Round(double value) => Math.Round(value, 4);
}
