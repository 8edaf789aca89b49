namespace SandQueue.Rollouts.Policies;

/// <summary>How an instance is won from where it stands.</summary>
/// <param name="Messages">The assistant's messages, each the bytes of a JSON object as an agent sends it; none where the episode is over or no way is known.</param>
/// <param name="Maximum">The score that they reach.</param>
public sealed record Solution(IReadOnlyList<byte[]> Messages, double Maximum);
