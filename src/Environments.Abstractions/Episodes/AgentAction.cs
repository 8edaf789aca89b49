namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>The assistant message of a step as it was sent. What it means is read by <see cref="Messages.AgentMessage"/>.</summary>
/// <param name="Content">Its text; empty where the message has only tool calls. May hold anything, lone surrogates and NUL included.</param>
/// <param name="ToolCalls">Its native tool calls, in order.</param>
public sealed record AgentAction(string Content, IReadOnlyList<NativeToolCall> ToolCalls);
