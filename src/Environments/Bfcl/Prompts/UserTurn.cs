using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;

namespace SandQueue.Environments.Bfcl.Prompts;

/// <summary>
/// What the user says in one turn. An episode opens with exactly two messages, while some tasks begin with a system
/// message of their own or with a whole conversation: the first goes to the end of our system message, the second into
/// the one user message.
/// </summary>
/// <param name="Instructions">The task's own system message, or empty.</param>
/// <param name="Question">The user's message, with the conversation before it where there is one.</param>
internal sealed record UserTurn(string Instructions, string Question)
{
    /// <param name="messages">A turn of the data: a list of messages with <c>role</c> and <c>content</c>.</param>
    public static UserTurn Read(JsonElement messages)
    {
        var instructions = new List<string>();
        var spoken = new List<(string Role, string Content)>();
        foreach (var message in messages.EnumerateArray())
        {
            var (role, content) = (message.GetProperty("role").Text(), message.GetProperty("content").Text());
            if (role == "system") instructions.Add(content.Trim());
            else spoken.Add((role, content));
        }

        return new UserTurn(string.Join("\n\n", instructions), Told(spoken));
    }

    /// <summary>Whether a turn has the form that <see cref="Read"/> takes.</summary>
    public static bool IsSound(JsonElement messages) =>
        messages.ValueKind == JsonValueKind.Array
        && messages.EnumerateArray().All(message =>
            JsonSchemaWriter.Member(message, "role", JsonValueKind.String) is not null
            && JsonSchemaWriter.Member(message, "content", JsonValueKind.String) is not null);

    private static string Told(List<(string Role, string Content)> spoken)
    {
        if (spoken.Count == 0) return "";
        if (spoken.Count == 1) return spoken[0].Content;

        var text = new StringBuilder("The conversation so far:\n\n");
        foreach (var (role, content) in spoken.SkipLast(1)) text.Append('[').Append(role).Append("]\n").Append(content).Append("\n\n");
        return text.Append("The message to answer now:\n\n").Append(spoken[^1].Content).ToString();
    }
}
