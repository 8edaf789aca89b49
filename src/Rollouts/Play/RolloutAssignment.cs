using System.Text.Json;
using SandQueue.Contracts;

namespace SandQueue.Rollouts.Play;

/// <summary>One rollout as a worker takes it.</summary>
public sealed record RolloutAssignment
{
    /// <summary>Its own id, of which the ids of its instance and its commands are made.</summary>
    public required string RolloutId { get; init; }

    /// <summary>How often it was begun anew, from 1. Another worker that goes on with it counts as none.</summary>
    public required int Attempt { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>The environment.</summary>
    public required string EnvType { get; init; }

    /// <summary>The task.</summary>
    public required string TaskId { get; init; }

    /// <summary>The Create's <c>params</c>, the exact bytes of a JSON object; empty where there are none.</summary>
    public byte[] Params { get; init; } = [];

    /// <summary>The episode that it is forked from; null where it is not.</summary>
    public EpisodeParent? Parent { get; init; }

    /// <summary>The policy as it was asked for, a JSON object without its key.</summary>
    public required JsonElement Policy { get; init; }

    /// <summary>The key of the policy's endpoint; null where it has none. Never logged, never recorded.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Its number among the repeats of its task, from 0: policies that draw draw by it.</summary>
    public int Member { get; init; }

    /// <summary>When its time is over; null where it has no limit.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Cancelled when its caller gives it up: it is then released, and its end is <c>cancelled</c>.</summary>
    public CancellationToken CancelledByCaller { get; init; }
}
