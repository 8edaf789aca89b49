using System.Globalization;
using System.Net;
using System.Text.Json;
using SandQueue.Bench.Compare.Figures;
using SandQueue.Bench.Compare.Loops;
using SandQueue.Bench.Compare.Players;
using SandQueue.Bench.Compare.Programs;
using SandQueue.Testing;

namespace SandQueue.Bench.Telemetry;

/// <summary>
/// What telemetry costs a step: two embedded programs, one without and one that shows metrics and exports everything, as it does unless told otherwise. They
/// are measured in turn, for the machine is never the same for long: what is said is the ratio within each round.
/// </summary>
internal static class TelemetryRun
{
    private static readonly TimeSpan RunUp = TimeSpan.FromSeconds(0.3);

    public static async Task<int> RunAsync(TelemetryOptions options)
    {
        await using var sink = new OtlpSink();
        await using var off = await EmbeddedProgram.StartAsync(BfclCalls.Environment);
        await using var on = await EmbeddedProgram.StartAsync(BfclCalls.Environment, new Dictionary<string, string>
        {
            ["Gateway:AdminListen"] = $"{FreePort.Take()}",
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = sink.Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        });
        foreach (var program in (EmbeddedProgram[])[off, on]) await MeasureAsync(program, options.Clients, TimeSpan.FromSeconds(options.WarmUp));

        List<(double Steps, double Processor)> ratios = [], absolute = [];
        for (var round = 0; round < options.Rounds; round++)
        {
            var length = TimeSpan.FromSeconds(options.Seconds);
            (double Steps, double Processor) with, without;
            if (round % 2 == 0) (without, with) = (await MeasureAsync(off, options.Clients, length), await MeasureAsync(on, options.Clients, length));
            else (with, without) = (await MeasureAsync(on, options.Clients, length), await MeasureAsync(off, options.Clients, length));
            ratios.Add((with.Steps / without.Steps, with.Processor / without.Processor));
            absolute.Add(without);
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"round {round + 1}: off {without.Steps:0} steps/s, {without.Processor:0.0000} ms each; on {with.Steps:0} steps/s, {with.Processor:0.0000} ms each"));
        }

        Console.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["steps_ratio"] = Spread(ratios.ConvertAll(ratio => ratio.Steps)),
            ["processor_ratio"] = Spread(ratios.ConvertAll(ratio => ratio.Processor)),
            ["off_steps_per_second"] = Spread(absolute.ConvertAll(round => round.Steps)),
            ["off_processor_ms"] = Spread(absolute.ConvertAll(round => round.Processor)),
            ["span_bytes"] = sink.SpanBytes,
            ["rounds"] = options.Rounds,
            ["seconds"] = options.Seconds,
            ["clients"] = options.Clients,
        }));
        return 0;
    }

    /// <returns>Steps a second, and milliseconds of the gateway's own processor time for each.</returns>
    private static async Task<(double Steps, double Processor)> MeasureAsync(EmbeddedProgram program, int clients, TimeSpan length)
    {
        var address = new IPEndPoint(IPAddress.Loopback, program.Port);
        await using var opening = new Opening();
        await opening.AddAsync(clients, _ => StepPlayer.OpenAsync(address, numbered: true, CancellationToken.None), CancellationToken.None);
        await ClosedLoop.RunAsync(opening.Players, RunUp, CancellationToken.None);
        var before = Used(program);
        var result = await ClosedLoop.RunAsync(opening.Players, length, CancellationToken.None);
        var processor = Used(program) - before;
        return result.Errors is [] ? (result.Units / result.Seconds, processor / result.Units) : throw new InvalidDataException(result.Errors[0]);
    }

    private static double Used(EmbeddedProgram program) =>
        ProcessStat.Parse(File.ReadAllText($"/proc/{program.Id}/stat")).Ticks * ProcessStat.MillisecondsPerTick;

    private static Dictionary<string, double> Spread(List<double> values) => new()
    {
        ["median"] = Round(Statistics.Median(values)),
        ["least"] = Round(values.Min()),
        ["most"] = Round(values.Max()),
    };

    private static double Round(double value) => Math.Round(value, 4);
}
