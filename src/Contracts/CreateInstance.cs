using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// Make a live instance of a task. Sent to <see cref="QueueNames.Create"/> of its environment, one a message, so that
/// load follows the workers' capacity. The answer is
/// <c>{"state":[system message, user message],"info":{"instance_id","task_id","tools","provenance",…}}</c>.
/// </summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record CreateInstance : InstanceCommand
{
    /// <summary>The environment, for example <c>bfcl</c>.</summary>
    [MemoryPackOrder(20)]
    public required string EnvType { get; init; }

    /// <summary>One of the environment's task ids.</summary>
    [MemoryPackOrder(21)]
    public required string TaskId { get; init; }

    /// <summary>The caller's <c>params</c>, the exact bytes of a JSON object; empty where there were none.</summary>
    [MemoryPackOrder(22)]
    public byte[] Params { get; init; } = [];

    /// <summary>The sandbox the instance was made through; it ends with it. Null outside of sandboxes.</summary>
    [MemoryPackOrder(23)]
    public string? SandboxId { get; init; }

    /// <summary>The episode that it is forked from, for those who read its journal; null for all others.</summary>
    [MemoryPackOrder(24)]
    public EpisodeParent? Parent { get; init; }

    /// <summary>
    /// Its caller gave it neither an id nor a name, so that nobody can find the instance where the caller hangs up: the Create is
    /// cancelled then.
    /// </summary>
    [MemoryPackOrder(25)]
    public bool HasNoIdempotencyKey { get; init; }
}
