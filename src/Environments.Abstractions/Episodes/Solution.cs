using System.Text.Json.Nodes;

namespace SandQueue.Environments.Abstractions.Episodes;

/// <summary>How an episode is won from where it stands.</summary>
/// <param name="Messages">
/// The assistant's messages that lead there, in the form that <see cref="Messages.ActionReader"/> reads; <see cref="Messages.SolutionMessage"/> writes
/// them. Empty where the episode is over, or no way from here is known.
/// </param>
/// <param name="Maximum">The most that the task gives, which its messages reach: below 1 only where its own scorer gives nobody more.</param>
public sealed record Solution(IReadOnlyList<JsonObject> Messages, double Maximum = 1)
{
    /// <summary>The episode is over, or no way is known.</summary>
    public static Solution None { get; } = new([]);
}
