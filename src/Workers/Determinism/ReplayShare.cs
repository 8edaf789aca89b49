namespace SandQueue.Workers.Determinism;

/// <summary>How much of what was recorded came out the same when it was replayed.</summary>
/// <param name="Environment">The <c>env_type</c>.</param>
/// <param name="Episodes">Recorded episodes that were replayed.</param>
/// <param name="Times">How often each was replayed.</param>
/// <param name="Observations">Recorded observations of the environment times the replays, initial states among them.</param>
/// <param name="Identical">Those that came out the same, those after a difference too.</param>
/// <param name="Differences">A line for each observation that differed.</param>
/// <param name="Failures">A line for each failure of the environment, see <see cref="EnvironmentFailures"/>.</param>
internal sealed record ReplayShare(
    string Environment, int Episodes, int Times, int Observations, int Identical, IReadOnlyList<string> Differences, IReadOnlyList<string> Failures)
{
    /// <summary>From 0 to 1; an environment may call itself replayable at 1 only.</summary>
    public double Share => Observations == 0 ? 0 : (double)Identical / Observations;

    /// <summary>Whether every observation came out the same and the environment never failed.</summary>
    public bool IsWhole => Identical == Observations && Failures.Count == 0;
}
