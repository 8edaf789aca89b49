namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>One entry of a message's <c>tool_calls</c>.</summary>
/// <param name="Id">The <c>tool_call_id</c> its answer carries; made up as <c>call_0</c>, <c>call_1</c>, … where the caller gave none. A number is its digits.</param>
/// <param name="Name">The function's name as the agent wrote it.</param>
/// <param name="Arguments">The arguments as JSON text, exactly as the agent wrote them: they may be broken.</param>
public sealed record NativeToolCall(string Id, string Name, string Arguments)
{
    /// <summary>Why the entry is no call, in a clause for the agent; null where it has the form of one.</summary>
    public string? Mistake { get; init; }
}
