namespace SandQueue.Workers.Configuration;

/// <summary>
/// What an OpenEnv image does not say of itself: its tasks, how a message becomes an action, what counts as score. Part
/// of an environment's settings, for the protocol <c>openenv</c>.
/// </summary>
internal sealed class OpenEnvOptions
{
    /// <summary>
    /// The task ids of each split: single ids and ranges of numbers, separated by commas, as <c>0-999, 5000</c>. Where
    /// none is set: <c>train</c> 0-999, <c>val</c> 1000000-1000199, <c>test</c> 2000000-2000199.
    /// </summary>
    public Dictionary<string, string> Splits { get; init; } = new(StringComparer.Ordinal);

    /// <summary>
    /// The field of a reset that takes the task id: <c>seed</c> sends a number and makes the task id the seed; any other
    /// name sends a text.
    /// </summary>
    public string TaskField { get; init; } = "seed";

    /// <summary>
    /// How a message becomes an action. <c>text</c>: an object whose <see cref="ActionField"/> is the text. <c>json</c>: the
    /// object the text holds. <c>tools</c>: a <c>call_tool</c> for each native tool call.
    /// </summary>
    public string Action { get; init; } = "text";

    /// <summary>The field of an action that takes the agent's text.</summary>
    public string ActionField { get; init; } = "message";

    /// <summary>The field of an observation that is shown to the agent; empty shows all of it, as JSON.</summary>
    public string ObservationField { get; init; } = "";

    /// <summary>What evaluating gives: <c>sum</c>, <c>last</c> or <c>max</c> of the rewards of the steps.</summary>
    public string Score { get; init; } = "sum";

    /// <summary>The rules of the environment, the first message of every episode. Empty: how an action is written, and no more.</summary>
    public string Prompt { get; init; } = "";
}
