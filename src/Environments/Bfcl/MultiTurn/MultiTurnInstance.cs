using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Bfcl.Calls;
using SandQueue.Environments.Bfcl.MultiTurn.Scoring;
using SandQueue.Environments.Bfcl.MultiTurn.Services;
using SandQueue.Environments.Bfcl.Parameters;
using SandQueue.Environments.Bfcl.Prompts;

namespace SandQueue.Environments.Bfcl.MultiTurn;

/// <summary>One conversation. Calls act on the services as they come; every turn is checked when the agent ends it.</summary>
internal sealed class MultiTurnInstance : IInstance, ISolvable
{
    private const string StepLimitReached = "max_steps_per_turn";

    private readonly MultiTurnTask _task;
    private readonly EpisodeParameters _parameters;
    private readonly int _stepLimit;
    private readonly int _turns;
    private Opening? _opening;
    private ServiceSet? _services;
    private TurnByTurnCheck? _check;
    private int _stepsInTurn;
    private bool _calledInTurn;
    private Failure? _stopped;

    /// <exception cref="InvalidRequestException">A parameter is wrong.</exception>
    public MultiTurnInstance(MultiTurnTask task, EpisodeParameters parameters)
    {
        (_task, _parameters) = (task, parameters);
        var rules = BfclParameters.Read(parameters);
        _stepLimit = rules.MaxStepsPerTurn;
        _turns = rules.IsOpenQuery ? 1 : task.Turns.Count;
        _opening = Conversation.Open(task, parameters);
    }

    /// <summary>Kept until it is asked for, then forgotten: it would be most of what an instance costs.</summary>
    public Opening Opening
    {
        get
        {
            var opening = _opening ?? Conversation.Open(_task, _parameters);
            _opening = null;
            return opening;
        }
    }

    private int Turn => _check?.TurnsEnded ?? 0;

    private bool IsOver => _stopped is not null || Turn == _turns;

    public StepResult Step(AgentAction action, CancellationToken cancel)
    {
        if (IsOver) return End(action, _stopped is null ? "completed" : StepLimitReached, 0);

        _services ??= new ServiceSet(_task.Start);
        _check ??= new TurnByTurnCheck(_task.Truth.Value);
        var message = AgentMessage.Read(action, cancel);
        return message.Calls.Count == 0 ? EndTurn(action, _services, _check) : Limited(action, Run(action, message, _services, _check, cancel));
    }

    public Evaluation Evaluate(JsonElement parameters)
    {
        var failure = Verdict();
        var score = failure is null ? 1 : 0;
        var details = new JsonObject
        {
            ["valid"] = failure is null,
            ["accuracy"] = (double)score,
            ["total_count"] = 1,
            ["correct_count"] = score,
            ["test_category"] = _task.Source.Category.Name,
            ["test_id"] = _task.Source.Id,
            ["turn_count"] = Turn,
            ["completed"] = Turn == _turns,
            ["error_type"] = failure?.Type,
            ["error"] = failure?.Message,
        };
        if (_task.Approximate is { } reason) details["approximate"] = reason;
        return new Evaluation(score, details);
    }

    public string Describe() => ToolPrompt.Describe(_task.ToolsIn(Math.Min(Turn, _task.Turns.Count - 1)));

    /// <summary>Every turn's calls in one message, and then one that ends the turn. Nothing where an earlier turn has failed: there is no way to the maximum then.</summary>
    public Solution Solve(CancellationToken cancellationToken)
    {
        if (IsOver || _check?.Failure is not null) return Solution.None;
        var turns = TurnSolution.Turns(_task);
        var services = _services ?? new ServiceSet(_task.Start);
        var messages = new List<JsonObject>();
        for (var turn = Turn; turn < _turns; turn++)
        {
            var calls = turn == Turn && _calledInTurn ? TurnSolution.Left(turns[turn], _check!, services, cancellationToken) : turns[turn];
            if (calls is null) return Solution.None;
            if (calls.Count > 0) messages.Add(SolutionMessage.Calls(calls.Select(call => TurnSolution.Call(call, services))));
            messages.Add(SolutionMessage.Talk(calls.Count > 0 ? Conversation.Done : Conversation.NotPossible));
        }

        return new Solution(messages);
    }

    public void Dispose()
    {
    }

    private StepResult Run(AgentAction action, AgentMessage message, ServiceSet services, TurnByTurnCheck check, CancellationToken cancellationToken)
    {
        if (CallMistakes.In(message)) return CallMistakes.Answer(action, message);

        _calledInTurn = true;
        var results = new ToolResults();
        foreach (var call in message.Calls)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = services.Execute(_task.Tools.Names.Original(call.Name), call.Arguments, cancellationToken);
            check.Record(result);
            results.Add(call, result);
        }

        return new StepResult(results.Message()) { ToolMessages = results.ToolMessages };
    }

    // A step whose calls could not be read counts too: nothing else would bound a turn of them.
    private StepResult Limited(AgentAction action, StepResult ran)
    {
        if (++_stepsInTurn <= _stepLimit) return ran;
        _stopped = new Failure("multi_turn:force_terminated", Turn, $"Turn {Turn} was not ended within {_stepLimit} steps.");
        return End(action, StepLimitReached, 0) with { ToolMessages = ran.ToolMessages };
    }

    private StepResult EndTurn(AgentAction action, ServiceSet services, TurnByTurnCheck check)
    {
        check.EndTurn(_calledInTurn, services);
        (_calledInTurn, _stepsInTurn) = (false, 0);
        return IsOver ? End(action, "completed", Verdict() is null ? 1 : 0) : Conversation.Turn(_task, Turn, _parameters);
    }

    private Failure? Verdict() => _stopped ?? (_check is null
        ? new Failure("multi_turn:force_terminated", null, "Nothing was answered yet.")
        : _check.Verdict(_turns));

    private static StepResult End(AgentAction action, string reason, double reward) => new(Conversation.Completed, reward)
    {
        EndReason = reason,
        IsTruncated = reason == StepLimitReached,
        ToolMessages = [.. action.ToolCalls.Select(call => new ToolMessage(call.Id, call.Name, "The episode is over."))],
    };
}
