namespace SandQueue.Rollouts.Requests;

/// <summary>A policy as it was asked for, checked. Read by <see cref="PolicyReading"/>.</summary>
/// <param name="Type">One of <see cref="PolicyTypes"/>.</param>
public abstract record PolicyRequest(string Type)
{
    /// <summary>The caller's name for what the policy is now (<c>policy_version</c>); null where it gave none.</summary>
    public string? Version { get; init; }

    /// <summary>Steps at most; null where the caller sets no limit.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>How long the policy may decide, all turns together: none is begun afterwards. Null where the caller sets no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether it reads what was said; the messages of a long episode are kept for those only.</summary>
    public virtual bool ReadsMessages => false;

    /// <summary>Whether it would decide the same again.</summary>
    public virtual bool IsDeterministic => true;
}

/// <summary>Takes no step: the episode is evaluated at once.</summary>
public sealed record NothingRequest() : PolicyRequest(PolicyTypes.Nothing);

/// <summary>Asks the environment for its solution.</summary>
public sealed record GoldRequest() : PolicyRequest(PolicyTypes.Gold);

/// <summary>Calls tools at random.</summary>
/// <param name="Seed">The same seed draws the same calls.</param>
public sealed record RandomRequest(long Seed) : PolicyRequest(PolicyTypes.Random);
