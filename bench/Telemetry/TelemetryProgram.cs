using SandQueue.Bench.Compare.Players;
using SandQueue.Bench.Compare.Programs;
using SandQueue.Testing;

namespace SandQueue.Bench.Telemetry;

/// <summary>An embedded program with as much telemetry as its kind says.</summary>
internal sealed class TelemetryProgram : IAsyncDisposable
{
    /// <summary>Without telemetry.</summary>
    public const string Off = "off";

    /// <summary>Metrics on a page, and everything over OTLP.</summary>
    public const string On = "on";

    /// <summary>Metrics on a page alone, and the rest over OTLP.</summary>
    public const string Shown = "shown";

    private readonly EmbeddedProgram _program;

    private TelemetryProgram(string kind, EmbeddedProgram program) => (Kind, _program) = (kind, program);

    public static IReadOnlyList<string> Kinds { get; } = [Off, On, Shown];

    public string Kind { get; }

    public int Port => _program.Port;

    /// <summary>Its processor time so far.</summary>
    public SteadyTime Used => SteadyTime.Of(_program.Id);

    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="receiver">Where it exports to.</param>
    public static async Task<TelemetryProgram> StartAsync(string kind, string receiver)
    {
        var settings = new Dictionary<string, string>();
        if (kind != Off)
        {
            settings["Gateway:AdminListen"] = $"{FreePort.Take()}";
            settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver;
            settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        }

        if (kind == Shown) settings["OTEL_METRICS_EXPORTER"] = "none";
        return new TelemetryProgram(kind, await EmbeddedProgram.StartAsync(BfclCalls.Environment, settings));
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();
}
