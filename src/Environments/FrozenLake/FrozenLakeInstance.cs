using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Environments.FrozenLake;

/// <summary>One walk over a lake.</summary>
internal sealed class FrozenLakeInstance : IInstance, ISolvable
{
    /// <summary>End reason of an episode that used up its moves.</summary>
    private const string OutOfMoves = "max_moves";

    private const string NoMove = "There is no move in your message: write left, down, right or up, as in <action>right</action>.";

    private readonly FrozenLakeTask _task;
    private readonly string _slipKey;
    private readonly Lake _lake;
    private readonly PromptTemplate _template;
    private readonly SeededRandom? _slips;
    private int _agent;
    private int _moves;
    private int _unreadable;
    private string? _endReason;

    public FrozenLakeInstance(FrozenLakeTask task, EpisodeParameters parameters)
    {
        _task = task;
        _lake = LakeGenerator.Draw(task);
        _template = parameters.Template;
        // Drawn from once a move, and not by messages without one: the n-th move slips the same way in every episode of this seed.
        _slipKey = string.Create(CultureInfo.InvariantCulture, $"frozenlake/slips/{task}/{parameters.Seed}");
        _slips = task.Slippery ? new SeededRandom(_slipKey) : null;
        // Refuses a wrong template while the instance is being made; nothing keeps the text.
        _ = Opening;
    }

    public Opening Opening => FrozenLakePrompt.Write(_task, _lake, _template);

    public StepResult Step(AgentAction action, CancellationToken cancel)
    {
        var before = _endReason;
        var happened = before is null ? Turn(action, cancel) : $"The episode is over ({before}).";
        var observation = $"{happened}\n\n{_lake.Draw(_agent)}";
        return new StepResult(observation, before is null && _endReason == "goal" ? 1 : 0)
        {
            EndReason = _endReason,
            IsTruncated = _endReason == OutOfMoves,
            ToolMessages = FirstToolCall.Answers(action.ToolCalls, observation),
        };
    }

    public Evaluation Evaluate(JsonElement parameters) => new(_endReason == "goal" ? 1 : 0, new JsonObject
    {
        ["reached_goal"] = _endReason == "goal",
        ["moves"] = _moves,
        ["unreadable"] = _unreadable,
        ["shortest_way"] = _lake.ShortestWay(),
    });

    public string Describe() => FrozenLakePrompt.Rules(_task);

    /// <summary>
    /// The shortest way, a move a message. On slippery ice the draws of the moves to come are known, and every move slips to the side by its own
    /// draw alone: wanted is then the direction that slips to where the way leads.
    /// </summary>
    public Solution Solve(CancellationToken cancellationToken)
    {
        var way = _endReason is null ? _lake.WayFrom(_agent) : null;
        if (way is null || way.Count > _task.MaxMoves - _moves - _unreadable) return Solution.None;

        var slips = _slips is null ? null : new SeededRandom(_slipKey);
        for (var move = 0; move < _moves; move++) slips?.Below(3);
        return new Solution([.. way.Select(step => SolutionMessage.Call(FrozenLakePrompt.Tool, new JsonObject { [FrozenLakePrompt.ToolArgument] = Wanted(step, slips).Word() }))]);
    }

    public void Dispose()
    {
    }

    private static Direction Slipped(Direction wanted, SeededRandom slips) => (Direction)(((int)wanted + slips.Below(3) + 3) % 4);

    private static Direction Wanted(Direction went, SeededRandom? slips)
    {
        if (slips is null) return went;
        // Draw 0 slips to the one side, 1 to where it was wanted, 2 to the other: as many quarters as a wish has to stand before its way.
        var quarters = (int)Slipped(Direction.Left, slips);
        return (Direction)(((int)went - quarters + 4) % 4);
    }

    private string Turn(AgentAction action, CancellationToken cancel)
    {
        var (moves, problem) = Read(AgentMessage.Read(action, cancel));
        var happened = new List<string>();
        foreach (var move in moves)
        {
            cancel.ThrowIfCancellationRequested();
            happened.Add(move.Direction is { } wanted ? Move(wanted) : Stay($"{AgentText.Quoted(move.Text.Trim())} is no move: it is left, down, right or up, or its number from 1 to 4."));
            if (IsOver()) break;
        }

        if (happened.Count == 0)
        {
            happened.Add(Stay(problem));
            IsOver();
        }

        if (_endReason == OutOfMoves) happened.Add("That was your last move.");
        return string.Join(' ', happened);
    }

    /// <summary>What cannot be read costs a move: nothing else would bound an episode of it.</summary>
    private string Stay(string problem)
    {
        _unreadable++;
        return $"{problem} You stay where you are.";
    }

    private bool IsOver()
    {
        if (_endReason is null && _moves + _unreadable >= _task.MaxMoves) _endReason = OutOfMoves;
        return _endReason is not null;
    }

    private string Move(Direction wanted)
    {
        _moves++;
        var went = _slips is null ? wanted : Slipped(wanted, _slips);
        var from = _agent;
        _agent = _lake.Neighbour(from, went);
        _endReason = _agent == _lake.Goal ? "goal" : _lake.IsHole(_agent) ? "hole" : null;

        var step = went == wanted ? $"You go {went.Word()}" : $"You want to go {wanted.Word()} and slip {went.Word()}";
        return _endReason switch
        {
            "goal" => $"{step} and reach the goal.",
            "hole" => $"{step} and fall into a hole.",
            _ when _agent == from => $"{step}, but there the lake ends. You stay where you are.",
            _ => $"{step}.",
        };
    }

    private static (IEnumerable<Move> Moves, string Problem) Read(AgentMessage message)
    {
        if (message.Calls.Count == 0) return (DirectionText.Read(message.Text), NoMove);

        var (argument, problem) = FirstToolCall.Read(message.Calls[0], FrozenLakePrompt.Tool, FrozenLakePrompt.ToolArgument);
        return argument is null ? ([], problem!) : (DirectionText.ReadMoves(argument), NoMove);
    }
}
