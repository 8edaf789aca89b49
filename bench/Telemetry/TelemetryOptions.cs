namespace SandQueue.Bench.Telemetry;

/// <summary>The options of the measurement of telemetry.</summary>
/// <param name="Starts">How often the programs are started anew.</param>
/// <param name="Rounds">How often all are measured after each start; which of them is first changes with each round.</param>
/// <param name="Seconds">Of each measurement.</param>
/// <param name="Clients">Clients at once.</param>
/// <param name="WarmUp">Seconds of load on each before: a program compiles for longer than a minute, one with telemetry more, and takes fewer steps meanwhile.</param>
internal sealed record TelemetryOptions(int Starts, int Rounds, int Seconds, int Clients, int WarmUp)
{
    public static TelemetryOptions Parse(IReadOnlyList<string> args)
    {
        var given = new GivenOptions(args);
        return new TelemetryOptions(given.Number("--starts", 2), given.Number("--rounds", 12), given.Number("--seconds", 2), given.Number("--clients", 16), given.Number("--warm-up", 90));
    }
}
