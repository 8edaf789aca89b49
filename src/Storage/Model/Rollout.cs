using SandQueue.Contracts;

namespace SandQueue.Storage.Model;

/// <summary>One episode that a policy plays. Times are Unix milliseconds, UTC.</summary>
public sealed class Rollout
{
    /// <summary>Our own key.</summary>
    public long Id { get; set; }

    /// <summary>The key of its batch.</summary>
    public long Batch { get; set; }

    public required string Tenant { get; set; }

    /// <summary>Its name, unique among the tenant's rollouts: the caller's, or the batch's with its number.</summary>
    public required string RolloutId { get; set; }

    /// <summary>Its place in its batch, from 0.</summary>
    public int Number { get; set; }

    public required string TaskId { get; set; }

    /// <summary>Its place among the rollouts of its task, from 0.</summary>
    public int Member { get; set; }

    /// <summary>Its own <c>params</c>, byte for byte; null for the batch's.</summary>
    public byte[]? Params { get; set; }

    /// <summary>Its own policy, a JSON object without its key; null for the batch's.</summary>
    public byte[]? Policy { get; set; }

    /// <summary>The key of its own policy's endpoint, encrypted; null where it came with none, and <see cref="Model.Batch.ErasedKey"/> once the batch is closed.</summary>
    public byte[]? SealedKey { get; set; }

    /// <summary>The address that its policy asks; null where it asks none.</summary>
    public string? Endpoint { get; set; }

    /// <summary>How often it was begun anew, from 1. Another worker that goes on with it counts as none.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Ends of its earlier attempts, the oldest first: a JSON array of <c>{"attempt","end","cause","detail","ended_at"}</c>; null where it has none.</summary>
    public string? EarlierAttempts { get; set; }

    /// <summary>How often it met an endpoint that refuses everything.</summary>
    public int Refusals { get; set; }

    /// <summary>The worker that plays it; null while none does.</summary>
    public string? Owner { get; set; }

    /// <summary>Raised by every claim: what an earlier owner writes after that is refused.</summary>
    public int Claim { get; set; }

    /// <summary>Whether its caller has given it up.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>When its attempt began; null where it did not.</summary>
    public long? BeganAt { get; set; }

    /// <summary>Null until it has its end, which is written once.</summary>
    public CommandEnd? End { get; set; }

    public long? EndedAt { get; set; }

    /// <summary>The score of its evaluation; null wherever <see cref="Valid"/> is false.</summary>
    public double? Reward { get; set; }

    public bool Valid { get; set; }

    public bool Trainable { get; set; }

    public bool Retryable { get; set; }

    /// <summary>The number of its <c>RolloutCause</c>; null where its end was the episode's own.</summary>
    public int? Cause { get; set; }

    public string? EndReason { get; set; }

    public bool Truncated { get; set; }

    /// <summary>Why it has no valid reward, or what the agent did to itself: one line for people.</summary>
    public string? Detail { get; set; }

    /// <summary>Steps that were taken.</summary>
    public int Steps { get; set; }

    /// <summary>What else its result says, a JSON object; null until it has its end.</summary>
    public string? Result { get; set; }
}
