using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Environments.Countdown;

/// <summary>One attempt at a puzzle.</summary>
internal sealed class CountdownInstance : IInstance, ISolvable
{
    private const string OutOfTries = "max_unreadable";

    private readonly Puzzle _puzzle;
    private readonly CountdownTask? _task;
    private readonly CountdownScoring _scoring;
    private readonly PromptTemplate _template;
    private int _unreadable;
    private string? _answer;
    private Calculation? _calculation;
    private string? _endReason;

    /// <param name="puzzle">What is to be solved.</param>
    /// <param name="parameters">The caller's <c>params</c>.</param>
    /// <param name="task">The task that the puzzle was drawn for, which knows its solution; null where it was not drawn.</param>
    /// <exception cref="InvalidRequestException">A parameter is wrong.</exception>
    public CountdownInstance(Puzzle puzzle, EpisodeParameters parameters, CountdownTask? task = null)
    {
        (_puzzle, _task) = (puzzle, task);
        _scoring = CountdownScoring.Read(parameters);
        _template = parameters.Template;
        // Refuses a wrong template while the instance is being made; nothing keeps the text.
        _ = Opening;
    }

    public Opening Opening => CountdownPrompt.Write(_puzzle, _scoring, _template);

    private bool UsesTheNumbers => _calculation is not null && _puzzle.IsOf(_calculation.Numbers);

    private bool IsSolved => UsesTheNumbers && _puzzle.IsReachedBy(_calculation!.Value);

    private double Score => IsSolved ? 1 : _calculation is null ? 0 : _scoring.FormatScore;

    public StepResult Step(AgentAction action, CancellationToken cancel)
    {
        var before = _endReason;
        var observation = before is null ? Turn(AgentMessage.Read(action, cancel)) : $"The episode is over ({before}).";
        return new StepResult(observation, before is null ? Score : 0)
        {
            EndReason = _endReason,
            IsTruncated = _endReason == OutOfTries,
            ToolMessages = FirstToolCall.Answers(action.ToolCalls, observation),
        };
    }

    public Evaluation Evaluate(JsonElement parameters) => new(Score, new JsonObject
    {
        ["solved"] = IsSolved,
        ["answer"] = _answer,
        ["value"] = _calculation?.Value.ToString(),
        ["uses_the_numbers"] = UsesTheNumbers,
        ["unreadable"] = _unreadable,
    });

    public string Describe() => CountdownPrompt.Rules(_scoring);

    public Solution Solve(CancellationToken cancellationToken) => _endReason is null && _task is not null
        ? new Solution([SolutionMessage.Call(CountdownPrompt.Tool, new JsonObject { [CountdownPrompt.ToolArgument] = PuzzleGenerator.Solve(_task) })])
        : Solution.None;

    public void Dispose()
    {
    }

    private string Turn(AgentMessage message)
    {
        var (expression, problem) = Read(message);
        Calculation? calculation = null;
        if (expression is not null) (calculation, problem) = ArithmeticExpression.Calculate(expression);
        if (calculation is null) return SendBack(expression is null ? problem! : $"Your expression cannot be read. {problem}");

        _answer = expression!.Trim();
        _calculation = calculation;
        _endReason = IsSolved ? "solved" : "wrong";
        return Verdict(calculation);
    }

    private string SendBack(string problem)
    {
        _unreadable++;
        if (_unreadable < _scoring.MaxUnreadable)
        {
            return $"{problem} Answer again, as <answer>(8 - 2) * 3</answer>.";
        }

        _endReason = OutOfTries;
        return $"{problem} That was the last try.";
    }

    private string Verdict(Calculation calculation)
    {
        var target = _puzzle.Target.ToString(CultureInfo.InvariantCulture);
        if (!UsesTheNumbers) return $"Wrong: the numbers {_puzzle.WrittenNumbers} must be used exactly once each, and no others.";
        if (!calculation.Value.HasValue) return "Wrong: the expression divides by zero.";
        return IsSolved ? $"Right: it equals {target}." : $"Wrong: it equals {calculation.Value}, not {target}.";
    }

    private static (string? Expression, string? Problem) Read(AgentMessage message) =>
        message.Calls.Count > 0
            ? FirstToolCall.Read(message.Calls[0], CountdownPrompt.Tool, CountdownPrompt.ToolArgument)
            : (AgentText.LastTagged(message.Text, "answer"), "There is no <answer>…</answer> in your message.");
}
