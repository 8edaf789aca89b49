namespace SandQueue.Bench.Compare.Loops;

/// <summary>What a loop measured.</summary>
/// <param name="Units">What was done: steps, rows, episodes, instances.</param>
/// <param name="Seconds">From the first call to the last answer.</param>
/// <param name="Latencies">Of the calls, in milliseconds.</param>
/// <param name="Errors">A message each.</param>
internal sealed record LoopResult(int Units, double Seconds, IReadOnlyList<double> Latencies, IReadOnlyList<string> Errors);
