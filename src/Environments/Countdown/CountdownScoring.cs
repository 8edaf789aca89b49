using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Countdown;

/// <summary>What a caller may set of an episode's rules.</summary>
/// <param name="FormatScore">
/// <c>params.format_score</c>, 0 to 1: the reward of an expression that can be read and is wrong. TinyZero, where the
/// task is from, calls it so and gives 0.1.
/// </param>
/// <param name="MaxUnreadable"><c>params.max_unreadable</c>: messages without a readable answer that an episode bears.</param>
internal sealed record CountdownScoring(double FormatScore, int MaxUnreadable)
{
    private const string FormatScoreName = "format_score";
    private const string MaxUnreadableName = "max_unreadable";

    public static IReadOnlyList<CreateParameter> Parameters { get; } =
        [new CreateParameter(FormatScoreName, ParameterType.Number), new CreateParameter(MaxUnreadableName, ParameterType.Integer)];

    /// <exception cref="InvalidRequestException">A value is out of range.</exception>
    public static CountdownScoring Read(EpisodeParameters parameters) => new(
        parameters.Number(FormatScoreName) switch
        {
            null => 0,
            >= 0 and <= 1 and var score => score,
            var other => throw new InvalidRequestException(FormattableString.Invariant($"params.{FormatScoreName} must be from 0 to 1, not {other}")),
        },
        parameters.Integer(MaxUnreadableName) switch
        {
            null => 5,
            > 0 and <= int.MaxValue and var most => (int)most,
            var other => throw new InvalidRequestException(FormattableString.Invariant($"params.{MaxUnreadableName} must be above 0 and below 2^31, not {other}")),
        });
}
