using SandQueue.Contracts;

namespace SandQueue.Storage.Model;

/// <summary>
/// The end of one command: written once, by whoever ends it, and never changed. Two are removed: "no capacity" where the Create is sent
/// again, and "the request is wrong" where another request comes under the id. The completed rows of an instance, in the order of <see cref="Id"/>, are its episode. Times are Unix milliseconds, UTC.
/// </summary>
public sealed class JournalEntry
{
    public long Id { get; set; }

    public required string Tenant { get; set; }

    /// <summary>Unique per tenant, so that a command takes effect at most once.</summary>
    public required string CommandId { get; set; }

    /// <summary>The episode; null where the command never reached one.</summary>
    public long? EpisodeId { get; set; }

    public JournalKind Kind { get; set; }

    /// <summary>
    /// What the command was for where it reached no episode, one line: the instance's id; of a create, <c>env_type</c> and task
    /// (<see cref="Journal.CommandContent.Target"/>). Null in rows of episodes, and in rows of versions that did not write it.
    /// </summary>
    public string? Target
    {
        get;
        set => field = value is null ? null : OneLine.OfAll(value);
    }

    /// <summary>Number of the step, from 1; 0 for the create; null for all else. Unique in the episode.</summary>
    public int? Step { get; set; }

    public CommandEnd End { get; set; }

    public CommandReason Reason { get; set; }

    public FailureCause? Cause { get; set; }

    /// <summary>Why it did not complete, one line; made one here, because neither database takes every text.</summary>
    public string? Detail
    {
        get;
        set => field = value is null ? null : OneLine.OfAll(value);
    }

    /// <summary>The action or messages as they came, byte for byte.</summary>
    public byte[] Action { get; set; } = [];

    /// <summary>The <c>params</c> as they came, byte for byte.</summary>
    public byte[] Params { get; set; } = [];

    /// <summary>The answer as it was sent, byte for byte.</summary>
    public byte[] Answer { get; set; } = [];

    /// <summary>Of which <see cref="StoredOpening"/> the stored answer is a part; null where it is stored whole, and always outside of the storage, where answers are whole.</summary>
    public byte[]? OpeningHash { get; set; }

    /// <summary>Where the answer was cut; null where <see cref="OpeningHash"/> is.</summary>
    public byte[]? OpeningRanges { get; set; }

    /// <summary>SHA-256 of the observation that a replay must repeat; null where there is none.</summary>
    public byte[]? ObservationHash { get; set; }

    /// <summary>The reward; null where there is none, and always where the command did not complete.</summary>
    public double? Reward { get; set; }

    public bool Terminated { get; set; }

    public double EnvironmentMs { get; set; }

    /// <summary>The worker that executed it.</summary>
    public string? Worker { get; set; }

    /// <summary>The epoch of the instance it was executed under.</summary>
    public int Epoch { get; set; }

    public long RecordedAt { get; set; }
}
