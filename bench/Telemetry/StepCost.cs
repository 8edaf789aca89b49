using System.Globalization;

namespace SandQueue.Bench.Telemetry;

/// <summary>What was measured of a program's steps.</summary>
/// <param name="Rate">Steps a second.</param>
/// <param name="Milliseconds">The program's own processor time for each.</param>
internal sealed record StepCost(double Rate, double Milliseconds)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rate:0} steps/s, {Milliseconds:0.0000} ms each");
}
