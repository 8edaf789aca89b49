namespace SandQueue.Storage.Model;

/// <summary>One live copy of a task, and for ever after the head of its episode in the journal. Times are Unix milliseconds, UTC.</summary>
public sealed class Instance
{
    /// <summary>Our own key. A tenant may use an instance id again once the instance before has ended.</summary>
    public long EpisodeId { get; set; }

    public required string Tenant { get; set; }

    /// <summary>The caller's name for it; unique among the tenant's instances that have not ended.</summary>
    public required string InstanceId { get; set; }

    public required string EnvType { get; set; }

    public required string TaskId { get; set; }

    /// <summary>The caller's <c>params</c>, byte for byte.</summary>
    public required byte[] Params { get; set; }

    /// <summary>The sandbox it was made through, which ends it.</summary>
    public string? SandboxId { get; set; }

    /// <summary>The episode that it was forked from; null where it was not. That one may be gone from the journal by now.</summary>
    public long? ParentEpisode { get; set; }

    /// <summary>The number of the step of <see cref="ParentEpisode"/> that it goes on behind; null where it has none.</summary>
    public int? ParentStep { get; set; }

    public InstanceState State { get; set; }

    /// <summary>The worker that owns it; null while nobody does.</summary>
    public string? Owner { get; set; }

    /// <summary>Raised by every takeover before the journal is read: what an earlier owner writes after that is refused.</summary>
    public int Epoch { get; set; }

    /// <summary>
    /// How often a worker began on it after another since its episode last moved on: counted before the work, so that a command that
    /// kills its worker is stopped after a few. Not counted are an instance that was handed over gracefully, and one that its own worker,
    /// which lives, takes again.
    /// </summary>
    public int Attempts { get; set; }

    /// <summary>How often it was rebuilt from its journal and proven the same.</summary>
    public int Recoveries { get; set; }

    /// <summary>When it was rebuilt last; null where it never was.</summary>
    public long? RecoveredAt { get; set; }

    /// <summary>The number of the next step, from 1.</summary>
    public int NextStep { get; set; } = 1;

    /// <summary>Steps the caller allows (<c>params.max_steps</c>).</summary>
    public int? MaxSteps { get; set; }

    /// <summary>Why the episode ended, or null while it goes on. The instance may live on: it can still be evaluated.</summary>
    public string? EndReason { get; set; }

    /// <summary>The image its initial state was made on, a digest; null where that is unknown. A rebuild on another image says so.</summary>
    public string? ImageDigest { get; set; }

    /// <summary>
    /// Bytes of the actions, params and answers in its rows of the journal, counted by the statement that writes them. Rows that a version
    /// without this column wrote are not counted.
    /// </summary>
    public long JournalBytes { get; set; }

    public long CreatedAt { get; set; }

    /// <summary>The last create, step, evaluate or get_info. Older than the truth while it has a living owner, which counts in memory.</summary>
    public long LastUsedAt { get; set; }

    /// <summary>When it was released, lost or found diverged; null while it lives.</summary>
    public long? EndedAt { get; set; }

    /// <summary>Why it ended, one line for people.</summary>
    public string? EndDetail { get; set; }

    /// <summary>
    /// Whether those who listen were told that it ended. So the row is the outbox of its own end: whatever statement sets <see cref="EndedAt"/>, in
    /// whatever process, the end is announced afterwards.
    /// </summary>
    public bool IsEndAnnounced { get; set; }
}
