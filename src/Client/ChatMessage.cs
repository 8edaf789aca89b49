namespace SandQueue.Client;

/// <summary>A message of the conversation, as it is given to a model.</summary>
/// <param name="Role"><c>system</c> or <c>user</c>.</param>
/// <param name="Content">The text.</param>
public sealed record ChatMessage(string Role, string Content);
