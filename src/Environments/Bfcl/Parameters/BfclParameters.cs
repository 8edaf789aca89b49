using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Bfcl.Parameters;

/// <summary>What a caller may set of an episode's rules; how tools are shown is <see cref="Prompts.ToolPrompt"/>'s.</summary>
/// <param name="MaxStepsPerTurn">
/// <c>params.max_steps_per_turn</c>: messages with calls that a turn of a multi-turn task may have. The official runner
/// stops a turn after the first step beyond its limit of 20 was run.
/// </param>
/// <param name="MaxUnreadable"><c>params.max_unreadable</c>: messages that cannot be read, which a single-turn episode bears.</param>
/// <param name="IsOpenQuery"><c>params.is_open_query</c>: the episode ends with the first turn, and that alone is scored.</param>
internal sealed record BfclParameters(int MaxStepsPerTurn, int MaxUnreadable, bool IsOpenQuery)
{
    private const string MaxStepsPerTurnName = "max_steps_per_turn";
    private const string MaxUnreadableName = "max_unreadable";
    private const string IsOpenQueryName = "is_open_query";

    public static IReadOnlyList<CreateParameter> Declared { get; } =
    [
        new CreateParameter("tool_prompt", ParameterType.Text),
        new CreateParameter(MaxStepsPerTurnName, ParameterType.Integer),
        new CreateParameter(MaxUnreadableName, ParameterType.Integer),
        new CreateParameter(IsOpenQueryName, ParameterType.Flag),
    ];

    /// <exception cref="InvalidRequestException">A value is out of range.</exception>
    public static BfclParameters Read(EpisodeParameters parameters) => new(
        Most(parameters, MaxStepsPerTurnName, 20),
        Most(parameters, MaxUnreadableName, 5),
        parameters.Flag(IsOpenQueryName) ?? false);

    private static int Most(EpisodeParameters parameters, string name, int byDefault) => parameters.Integer(name) switch
    {
        null => byDefault,
        >= 1 and var most => (int)Math.Min(most, int.MaxValue - 1),
        var other => throw new InvalidRequestException(FormattableString.Invariant($"params.{name} must be 1 or more, not {other}")),
    };
}
