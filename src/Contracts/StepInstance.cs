using MemoryPack;

namespace SandQueue.Contracts;

/// <summary>
/// Take one step. The answer is <c>{"state":[one message],"reward","is_terminated","info":{"step",…}}</c>, and it is in
/// the episode's journal before it is sent.
/// </summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public sealed partial record StepInstance : InstanceCommand
{
    /// <summary>The assistant's message, the exact bytes of a JSON object.</summary>
    [MemoryPackOrder(20)]
    public required byte[] Action { get; init; }

    /// <summary>The caller's <c>params</c>, the exact bytes of a JSON object; empty where there were none.</summary>
    [MemoryPackOrder(21)]
    public byte[] Params { get; init; } = [];

    /// <summary>The number this step must have in its episode, from 1; null takes the next.</summary>
    [MemoryPackOrder(22)]
    public int? ExpectedStep { get; init; }

    /// <summary>
    /// Its caller gave it neither an id nor a number, so that a client which sends it again cannot say so: its worker
    /// recognises that where it is safe.
    /// </summary>
    [MemoryPackOrder(23)]
    public bool HasNoIdempotencyKey { get; init; }
}
