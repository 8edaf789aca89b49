namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>The answer to one native tool call, written as a <c>role: tool</c> message into <c>info.tool_messages</c>.</summary>
/// <param name="ToolCallId">The id of the call, <see cref="NativeToolCall.Id"/>.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Content">What the function returned.</param>
public sealed record ToolMessage(string ToolCallId, string Name, string Content);
