using System.Text.Json;

namespace SandQueue.Environments.Episodes;

/// <summary>
/// An instance and how far its episode is. The caller's own limit and what an evaluation says of the end are here, so
/// that they are alike for every environment.
/// </summary>
/// <param name="instance">What is played; this one owns it.</param>
/// <param name="maxSteps"><c>params.max_steps</c>; null for no such limit.</param>
internal sealed class Episode(IInstance instance, int? maxSteps) : IInstance
{
    /// <summary>End reason of an episode that used up the steps its caller allowed.</summary>
    private const string MaxSteps = "max_steps";

    private int _steps;
    private string? _endReason;
    private bool _isTruncated;

    public Opening Opening => instance.Opening;

    public StepResult Step(AgentAction action, CancellationToken cancel)
    {
        if (_endReason == MaxSteps) return Over(action);

        var result = instance.Step(action, cancel);
        // Counted last: a step without an answer is in no journal, and a replay cannot repeat it.
        _steps++;
        if (!result.IsTerminated && _steps >= maxSteps) result = result with { EndReason = MaxSteps, IsTruncated = true };
        if (_endReason is null) (_endReason, _isTruncated) = (result.EndReason, result.IsTruncated);
        return result;
    }

    /// <summary>The instance's own details, and how the episode ended as the step said it: <c>end_reason</c> (null while it goes on) and <c>truncated</c>.</summary>
    public Evaluation Evaluate(JsonElement parameters)
    {
        var evaluation = instance.Evaluate(parameters);
        evaluation.Details["end_reason"] = _endReason;
        evaluation.Details["truncated"] = _isTruncated;
        return evaluation;
    }

    public string Describe() => instance.Describe();

    public void Dispose() => instance.Dispose();

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
