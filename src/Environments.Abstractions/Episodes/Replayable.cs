namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>Whether a recorded episode can be run again with the same outcome.</summary>
public enum Replayable
{
    /// <summary>Counts as no until it was measured.</summary>
    Unknown,

    /// <summary>An instance whose server died is lost.</summary>
    No,

    /// <summary>An instance whose server died is rebuilt from its journal, and every observation, reward and end is compared.</summary>
    Yes,
}
