namespace SandQueue.Workers.Protocols.Messages;

/// <summary>One call of a tool in a message.</summary>
/// <param name="Id">The <c>tool_call_id</c> of its answer; <c>call_0</c>, <c>call_1</c>, … where the caller gave none. A number is its digits.</param>
/// <param name="Name">The function's name as the agent wrote it.</param>
/// <param name="Arguments">The arguments as the agent wrote them: JSON, or broken.</param>
internal sealed record AgentToolCall(string Id, string Name, string Arguments)
{
    /// <summary>Why it is no call, in a sentence for the agent; null where it has the form of one.</summary>
    public string? Mistake { get; init; }

    /// <summary>The id of a call that has none of its own.</summary>
    public static string MadeUpId(int index) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"call_{index}");
}
