namespace SandQueue.Rollouts.Settings;

/// <summary>How rollouts are played: the section <c>Rollouts</c> of the settings.</summary>
public sealed record RolloutOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Rollouts";

    /// <summary>Steps of a rollout at most, where its policy gives no <c>max_steps</c>: an endpoint that never comes to an end is stopped.</summary>
    public int MaxSteps { get; set; } = 1000;

    /// <summary>How long a rollout waits for a slot, where its deadline is not sooner.</summary>
    public TimeSpan CreateTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long one step or evaluation is waited for, recoveries included, where the rollout's deadline is not sooner.</summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the release of its instance is waited for. Afterwards the sweep ends it as idle.</summary>
    public TimeSpan ReleaseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of an episode's messages that a policy may be shown; an episode that says more is stopped there.</summary>
    public long MaxMessageBytes { get; set; } = 32_000_000;

    /// <summary>32 bytes in base64 that stored keys of endpoints are encrypted with: the same in every process of a farm. Embedded, a file in the data folder has them.</summary>
    public string? SecretKey { get; set; }

    /// <summary>Rollouts that one process plays at once.</summary>
    public int Concurrent { get; set; } = 64;

    /// <summary>Rollouts that a batch may have.</summary>
    public int MaxItems { get; set; } = 200_000;

    /// <summary>Batches of one tenant that are not closed; 0 is no limit.</summary>
    public int MaxOpenBatches { get; set; } = 1_000;

    /// <summary>The largest body of a request that makes a batch, in bytes.</summary>
    public long MaxBatchBytes { get; set; } = 256 << 20;

    /// <summary>Secrets that one tenant may keep.</summary>
    public int MaxSecrets { get; set; } = 1_000;

    /// <summary>What endpoints of models may be called.</summary>
    public EndpointOptions Endpoints { get; set; } = new();
}
