using System.Diagnostics;

namespace SandQueue.FaultRuns.Faults;

/// <summary>A fault that is over, and when it was, in ticks of <see cref="Stopwatch"/>.</summary>
internal sealed record FaultSpan(FaultKind Kind, long Began, long Ended)
{
    public TimeSpan Length => Stopwatch.GetElapsedTime(Began, Ended);

    /// <summary>Whether something that took from <paramref name="start"/> to <paramref name="end"/> met it.</summary>
    public bool Overlaps(long start, long end) => start < Ended && end > Began;
}
