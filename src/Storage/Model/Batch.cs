namespace SandQueue.Storage.Model;

/// <summary>Many rollouts that were asked for together. Times are Unix milliseconds, UTC.</summary>
public sealed class Batch
{
    /// <summary>Stands where a key was, so that nobody asks an endpoint without the key that it needs.</summary>
    public static byte[] ErasedKey { get; } = [];

    /// <summary>Our own key.</summary>
    public long Id { get; set; }

    public required string Tenant { get; set; }

    /// <summary>The caller's name for it, unique among the tenant's batches.</summary>
    public required string BatchId { get; set; }

    /// <summary>What people call it; null where nobody said.</summary>
    public string? Name { get; set; }

    public required string EnvType { get; set; }

    /// <summary>The part of the environment's tasks that its rollouts are from; null where it was asked for by tasks or items.</summary>
    public string? Split { get; set; }

    /// <summary>
    /// When the last of its rollouts was stored so far, by the database's clock; null once all are. A large batch is stored in pieces, and until it is whole
    /// nobody finds it and nothing of it runs.
    /// </summary>
    public long? EnteringAt { get; set; }

    /// <summary>Whether it is one rollout that was asked for alone, which lists of batches leave out.</summary>
    public bool IsHidden { get; set; }

    public BatchState State { get; set; } = BatchState.Running;

    /// <summary>Why it is paused, one line for people; null where it is not.</summary>
    public string? PauseReason { get; set; }

    /// <summary>How many rollouts it has.</summary>
    public int Items { get; set; }

    /// <summary>Rollouts of each end, counted by the statement that closes the batch; 0 before it.</summary>
    public int Completed { get; set; }

    public int Rejected { get; set; }

    public int Expired { get; set; }

    public int Cancelled { get; set; }

    public int Failed { get; set; }

    /// <summary>What else its rollouts were when it closed, a JSON array of counts; null before it, and where an older version closed it.</summary>
    public string? Counts { get; set; }

    /// <summary>How many of its rollouts may run at once.</summary>
    public int Concurrency { get; set; }

    /// <summary>The same for those that ask one endpoint; null for no limit of its own.</summary>
    public int? EndpointConcurrency { get; set; }

    /// <summary>Of batches that wait, those with a higher number come first.</summary>
    public int Priority { get; set; }

    /// <summary>Rollouts of each task: a group.</summary>
    public int Repeats { get; set; }

    /// <summary>The policy as it was asked for, a JSON object without its key.</summary>
    public required byte[] Policy { get; set; }

    /// <summary>The key of the policy's endpoint, encrypted; null where it came with none, and <see cref="ErasedKey"/> once the batch is closed.</summary>
    public byte[]? SealedKey { get; set; }

    /// <summary>Whether it, or one of its rollouts, came with a key, which is erased when the batch closes.</summary>
    public bool NeedsKey { get; set; }

    /// <summary>The Create's <c>params</c> of all its rollouts that have none of their own, byte for byte.</summary>
    public required byte[] Params { get; set; }

    /// <summary>SHA-256 of all that was asked for, by which the same request is recognised.</summary>
    public required byte[] ContentHash { get; set; }

    /// <summary>Rollouts one after the other whose endpoint refused what it would refuse every rollout.</summary>
    public int Refusals { get; set; }

    public long CreatedAt { get; set; }

    /// <summary>Until when its rollouts may run; null for no limit.</summary>
    public long? DeadlineAt { get; set; }

    /// <summary>When the last of its rollouts had its end; null while one has none.</summary>
    public long? ClosedAt { get; set; }

    /// <summary>Whether those who listen were told of its newest state: paused or closed.</summary>
    public bool IsStateAnnounced { get; set; } = true;
}
