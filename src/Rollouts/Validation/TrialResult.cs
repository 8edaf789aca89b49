namespace SandQueue.Rollouts.Validation;

/// <summary>How one play of a task went.</summary>
/// <param name="Score">What its evaluation gave; null where it was not played to an evaluation.</param>
/// <param name="Problem">Why not, one line; null where it was.</param>
/// <param name="Answers">What a second play must repeat, in order: of the opening its messages and tools, of each step its answer, of the evaluation its score.</param>
/// <param name="Maximum">The score that the solution was said to reach; null where none was asked for, or known.</param>
internal sealed record TrialResult(double? Score, string? Problem, IReadOnlyList<byte[]> Answers, double? Maximum = null)
{
    /// <summary>The problem is none of the task's: no room, a worker or the database was away for as long as it was tried.</summary>
    public bool IsInfrastructure { get; init; }
}
