namespace SandQueue.Dashboard.Episodes;

/// <summary>One message of an episode as the viewer shows it.</summary>
/// <param name="Role">system, user, assistant or tool.</param>
/// <param name="Text">What it says; the beginning of it where it is long.</param>
/// <param name="Length">How many characters it has.</param>
/// <param name="Calls">The tools that it calls.</param>
/// <param name="CallId">The call that it answers; null for none.</param>
public sealed record ChatMessage(string Role, string Text, int Length, IReadOnlyList<ToolCall> Calls, string? CallId = null)
{
    public bool IsCut => Length > Text.Length;
}

/// <summary>A call of a tool.</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">JSON, or whatever the agent wrote.</param>
public sealed record ToolCall(string Name, string Arguments);
