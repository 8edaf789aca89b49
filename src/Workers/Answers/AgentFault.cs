namespace SandQueue.Workers.Answers;

/// <summary>
/// The observation of an action that the environment did not survive, twice: once among others, and once more on a
/// freshly replayed instance alone in its container. That is the agent's doing, so it has a reward; what did not happen
/// again is never one.
/// </summary>
internal static class AgentFault
{
    public static string TimedOut(TimeSpan limit) => $"it did not end within {limit.TotalSeconds:0.###} s";

    public const string Died = "the environment did not survive it";

    /// <summary>What the environment would have answered, had it lived: one message, a reward of 0, and the episode goes on.</summary>
    /// <param name="what">What happened, both times.</param>
    public static ReadOnlyMemory<byte> Data(string what) => AnswerJson.Write(256, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartArray("state");
        writer.WriteStartObject();
        writer.WriteString("role", "user");
        writer.WriteString("content", $"The action was stopped: {what}. It was tried twice and changed nothing. Try something else.");
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteNumber("reward", 0.0);
        writer.WriteBoolean("is_terminated", false);
        writer.WriteStartObject("info");
        writer.WriteString("cause", "agent");
        writer.WriteEndObject();
        writer.WriteEndObject();
    });
}
