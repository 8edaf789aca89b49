using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Environments.Bfcl.Calls;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Checking;
using SandQueue.Environments.Bfcl.Parameters;
using SandQueue.Environments.Bfcl.Prompts;
using SandQueue.Environments.Bfcl.Solutions;

namespace SandQueue.Environments.Bfcl.SingleTurn;

/// <summary>
/// One question. There is nothing behind the functions that could run, so the first message whose calls can be read,
/// or that has none, is the answer and ends the episode; only a broken call goes back to the agent, and not for ever.
/// </summary>
internal sealed class SingleTurnInstance : IInstance, ISolvable
{
    /// <summary>The marker trainers know an episode's end by.</summary>
    private const string Completed = "[CONVERSATION_COMPLETED]";

    private const string OutOfTries = "max_unreadable";

    private const string Manners =
        "Everything the user asks is to be settled in your next message: write all the calls it needs there. "
        + "If no function fits, or the user left out an argument that a call must have, say so in plain words and call none.";

    private readonly BfclTask _task;
    private readonly SingleTurnCategory _category;
    private readonly EpisodeParameters _parameters;
    private readonly int _maxUnreadable;
    private Opening? _opening;
    private Verdict? _verdict;
    private int _turns;
    private int _unreadable;

    /// <exception cref="InvalidRequestException">A parameter is wrong.</exception>
    public SingleTurnInstance(BfclTask task, SingleTurnCategory category, EpisodeParameters parameters)
    {
        (_task, _category, _parameters) = (task, category, parameters);
        _maxUnreadable = BfclParameters.Read(parameters).MaxUnreadable;
        _opening = Open();
    }

    /// <summary>Kept until it is asked for, then forgotten: it would be most of what an instance costs.</summary>
    public Opening Opening
    {
        get
        {
            var opening = _opening ?? Open();
            _opening = null;
            return opening;
        }
    }

    public StepResult Step(AgentAction action, CancellationToken cancel)
    {
        if (_verdict is not null) return End(action, "The episode is over.", reward: 0);
        if (_unreadable == _maxUnreadable) return Stop(End(action, "The episode is over.", reward: 0));

        var message = AgentMessage.Read(action, cancel);
        var verdict = CallMistakes.In(message) ? null : Judge(message.Calls, cancel);
        _turns++;
        if (verdict is null)
        {
            var answer = CallMistakes.Answer(action, message);
            return ++_unreadable < _maxUnreadable ? answer : Stop(answer);
        }

        _verdict = verdict;
        return End(action, "Recorded as part of the answer.", _verdict.Valid ? 1 : 0);
    }

    public Evaluation Evaluate(JsonElement parameters)
    {
        var verdict = _verdict ?? Verdict.None;
        var score = verdict.Valid ? 1 : 0;
        return new Evaluation(score, new JsonObject
        {
            ["valid"] = verdict.Valid,
            ["accuracy"] = (double)score,
            ["total_count"] = 1,
            ["correct_count"] = score,
            ["test_category"] = _task.Category.Name,
            ["test_id"] = _task.Id,
            ["turn_count"] = _turns,
            ["completed"] = _verdict is not null,
            ["error_type"] = verdict.ErrorType,
            ["error"] = verdict.Valid ? null : string.Join("; ", verdict.Errors),
        });
    }

    public string Describe()
    {
        using var question = _task.ParseQuestion();
        return ToolPrompt.Describe(Tools(question));
    }

    public Solution Solve(CancellationToken cancellationToken)
    {
        if (_verdict is not null || _unreadable == _maxUnreadable) return Solution.None;
        using var question = _task.ParseQuestion();
        using var answer = _task.Answer.IsEmpty ? null : _task.ParseAnswer();
        var message = AnswerSolution.Message(_category.Rule, _category.Language, question.RootElement.GetProperty("function"), Truth(answer));
        // A few tasks of the benchmark contradict themselves: an answer without a required parameter, or with one that no value is possible for.
        return Judge(AgentMessage.Read(ActionReader.Read(JsonElement.Parse(message.ToJsonString())), cancellationToken).Calls, cancellationToken).Valid
            ? new Solution([message])
            : Solution.None;
    }

    public void Dispose()
    {
    }

    private static StepResult Stop(StepResult last) => last with { Observation = Completed, EndReason = OutOfTries, IsTruncated = true };

    private static StepResult End(AgentAction action, string toolAnswer, double reward) => new(Completed, reward)
    {
        EndReason = "completed",
        ToolMessages = [.. action.ToolCalls.Select(call => new ToolMessage(call.Id, call.Name, toolAnswer))],
    };

    private Opening Open()
    {
        using var question = _task.ParseQuestion();
        var turns = question.RootElement.GetProperty("question");
        var tools = Tools(question);
        var info = new JsonObject
        {
            ["test_id"] = _task.Id,
            ["tools_count"] = tools.Schemas.Count,
            ["questions_count"] = turns.GetArrayLength(),
        };
        return ToolPrompt.Open(tools, UserTurn.Read(turns[0]), Manners, info, _parameters);
    }

    private OfferedTools Tools(JsonDocument question) =>
        OfferedTools.Of([.. question.RootElement.GetProperty("function").EnumerateArray()], _category.Language);

    private Verdict Judge(IReadOnlyList<AgentCall> calls, CancellationToken cancellationToken)
    {
        using var question = _task.ParseQuestion();
        using var answer = _task.Answer.IsEmpty ? null : _task.ParseAnswer();
        return AnswerChecker.Judge(_category.Rule, _category.Language, question.RootElement.GetProperty("function"), calls, Truth(answer), cancellationToken);
    }

    private static JsonElement Truth(JsonDocument? answer) => answer?.RootElement.GetProperty("ground_truth") ?? default;
}
