namespace SandQueue.Contracts;

/// <summary>
/// List the task ids of a split. Sent to <see cref="QueueNames.Entry"/> of its environment. The answer is an array of
/// strings in the order of the data. Not journaled.
/// </summary>
public sealed record ListTasks : Command
{
    /// <summary>The environment, for example <c>bfcl</c>.</summary>
    public required string EnvType { get; init; }

    /// <summary>The split, for example <c>train</c>.</summary>
    public required string Split { get; init; }

    /// <summary>The caller's <c>params</c>, the exact bytes of a JSON object; empty where there were none.</summary>
    public byte[] Params { get; init; } = [];
}
