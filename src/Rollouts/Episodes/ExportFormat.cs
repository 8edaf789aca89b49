namespace SandQueue.Rollouts.Episodes;

/// <summary>In which form episodes are exported.</summary>
public enum ExportFormat
{
    /// <summary>Our own, whole: what can be imported and replayed.</summary>
    Episodes,

    /// <summary>Chat messages and tools, for supervised fine-tuning.</summary>
    Messages,

    /// <summary>Prompt, chosen and rejected: the best and the worst episode of a task.</summary>
    Preferences,

    /// <summary>NeMo Gym's rollouts: those with a reward.</summary>
    Nemo,

    /// <summary>NeMo Gym's file of failures beside it: those without a reward.</summary>
    NemoFailures,

    /// <summary>Traces of the library verifiers.</summary>
    Verifiers,
}
