namespace SandQueue.FaultRuns.Models;

/// <summary>What differs between an answer and a model.</summary>
internal enum MismatchKind
{
    /// <summary>The reward.</summary>
    Reward,

    /// <summary>The environment is where it would be had the action taken effect twice.</summary>
    Twice,

    /// <summary>Anything else.</summary>
    Observation,
}

/// <summary>An answer that is not the model's, in words.</summary>
internal sealed record Mismatch(MismatchKind Kind, string Words);
