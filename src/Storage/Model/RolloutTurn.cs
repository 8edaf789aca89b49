namespace SandQueue.Storage.Model;

/// <summary>What a policy decided in one turn of one attempt of a rollout.</summary>
public sealed class RolloutTurn
{
    /// <summary>The rollout's key.</summary>
    public long Rollout { get; set; }

    public int Attempt { get; set; }

    /// <summary>Its number, from 1.</summary>
    public int Number { get; set; }

    /// <summary>The assistant's message, byte for byte; null where the policy played no further.</summary>
    public byte[]? Action { get; set; }

    /// <summary>What the policy's endpoint answered besides, byte for byte; empty where there was nothing.</summary>
    public required byte[] Answer { get; set; }

    /// <summary>Why the policy played no further, in one word.</summary>
    public string? StopReason { get; set; }

    /// <summary>Unix milliseconds, UTC.</summary>
    public long DecidedAt { get; set; }
}
