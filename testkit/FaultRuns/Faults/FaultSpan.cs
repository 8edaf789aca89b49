using System.Diagnostics;

namespace SandQueue.FaultRuns.Faults;

/// <summary>A fault that is over, and when it was, in ticks of <see cref="Stopwatch"/>.</summary>
internal sealed record FaultSpan(FaultKind Kind, long Began, long Ended)
{
    public TimeSpan Length => Stopwatch.GetElapsedTime(Began, Ended);
}
