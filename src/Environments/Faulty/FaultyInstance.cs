using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Environments.Faulty;

/// <summary>One instance whose actions ask for faults. Its hidden state is the number of its steps, and of its evaluations where they count.</summary>
internal sealed class FaultyInstance(Faults faults, bool evaluateChangesState, Opening opening) : IInstance
{
    private int _steps;
    private int _evaluations;
    private string? _endReason;

    public Opening Opening => opening;

    public StepResult Step(AgentAction action, CancellationToken cancel)
    {
        var result = _endReason is null ? Carry(action, cancel) : new StepResult($"The episode is over ({_endReason}).") { EndReason = _endReason };
        // Counted last: a step without an answer is in no journal, and a replay cannot repeat it.
        _steps++;
        _endReason = result.EndReason;
        return result with { ToolMessages = FirstToolCall.Answers(action.ToolCalls, result.Observation) };
    }

    public Evaluation Evaluate(JsonElement parameters)
    {
        if (faults.EvaluateFails) throw new InvalidOperationException("an action asked for this evaluation to fail");
        if (evaluateChangesState) _evaluations++;
        return new Evaluation(_steps, new JsonObject { ["steps"] = _steps, ["evaluations"] = _evaluations });
    }

    public string Describe() => FaultyPrompt.Rules;

    public void Dispose()
    {
        if (faults.ReleaseFails) throw new InvalidOperationException("an action asked for this release to fail");
    }

    private StepResult Carry(AgentAction action, CancellationToken cancel)
    {
        var text = action.Content;
        if (action.ToolCalls.Count > 0)
        {
            var (argument, problem) = FirstToolCall.Read(AgentCall.Read(action.ToolCalls[0]), FaultyPrompt.Tool, FaultyPrompt.ToolArgument);
            if (argument is null) return new StepResult(problem!);
            text = argument;
        }

        return faults.Carry(text, string.Create(CultureInfo.InvariantCulture, $"steps {_steps + 1}, evaluations {_evaluations}"), cancel);
    }
}
