using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Episodes;

/// <summary>
/// An instance and how far its episode is. The caller's own limit and what an evaluation says of the end are here, so
/// that they are alike for every environment. What an environment must not give back is refused here, in words for its author.
/// </summary>
/// <param name="instance">What is played; this one owns it.</param>
/// <param name="maxSteps"><c>params.max_steps</c>; null for no such limit.</param>
internal sealed class Episode(IInstance instance, int? maxSteps) : IInstance, ISolvable
{
    /// <summary>End reason of an episode that used up the steps its caller allowed.</summary>
    private const string MaxSteps = "max_steps";

    private int _steps;
    private string? _endReason;
    private bool _isTruncated;

    public Opening Opening => Given(instance.Opening, nameof(Opening));

    public StepResult Step(AgentAction action, CancellationToken cancel)
    {
        if (_endReason == MaxSteps) return Over(action);

        var result = Given(instance.Step(action, cancel), nameof(Step));
        RequireNumber(result.Reward, "reward");
        // Counted last: a step without an answer is in no journal, and a replay cannot repeat it.
        _steps++;
        if (!result.IsTerminated && _steps >= maxSteps) result = result with { EndReason = MaxSteps, IsTruncated = true };
        if (_endReason is null) (_endReason, _isTruncated) = (result.EndReason, result.IsTruncated);
        return result;
    }

    /// <summary>The instance's own details, and how the episode ended as the step said it: <c>end_reason</c> (null while it goes on) and <c>truncated</c>.</summary>
    public Evaluation Evaluate(JsonElement parameters)
    {
        var evaluation = Given(instance.Evaluate(parameters), nameof(Evaluate));
        RequireNumber(evaluation.Score, "score");
        evaluation.Details["end_reason"] = _endReason;
        evaluation.Details["truncated"] = _isTruncated;
        return evaluation;
    }

    public string Describe() => instance.Describe();

    /// <exception cref="InvalidRequestException">The environment knows no solutions.</exception>
    public Solution Solve(CancellationToken cancellationToken) => instance is ISolvable solvable
        ? _endReason is null ? Given(solvable.Solve(cancellationToken), nameof(Solve)) : Solution.None
        : throw new InvalidRequestException("the environment knows no solution");

    public void Dispose() => instance.Dispose();

    /// <summary>An assembly of others may have been built without the compiler's checks for null.</summary>
    private static T Given<T>(T? result, string member)
        where T : class => result ?? throw new InvalidOperationException($"{member} gave null");

    /// <summary>JSON has neither infinity nor NaN, and no trainer can use them.</summary>
    private static void RequireNumber(double value, string what)
    {
        if (!double.IsFinite(value)) throw new InvalidOperationException(FormattableString.Invariant($"the {what} is {value}"));
    }

    private static StepResult Over(AgentAction action)
    {
        const string Observation = $"The episode is over ({MaxSteps}).";
        return new StepResult(Observation)
        {
            EndReason = MaxSteps,
            IsTruncated = true,
            ToolMessages = [.. action.ToolCalls.Select(call => new ToolMessage(call.Id, call.Name, Observation))],
        };
    }
}
