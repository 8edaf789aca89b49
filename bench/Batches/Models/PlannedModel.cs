using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SandQueue.ModelServers;

namespace SandQueue.Bench.Batches.Models;

/// <summary>An endpoint that knows the way of every task, and does with each what is planned for it: gold for 70 of 100, and for the others everything that endpoints do.</summary>
internal sealed class PlannedModel
{
    /// <summary>Of a hundred tasks so many are played to the goal by all members.</summary>
    private const int PercentGold = 70;

    /// <summary>What is planned for the tasks behind those, as parts of two hundred.</summary>
    private static readonly (Behaviour Behaviour, int Tasks, int Members)[] Others =
    [
        // Of these groups half of the members hang.
        (Behaviour.Hangs, 20, 2),
        (Behaviour.Hangs, 10, int.MaxValue),
        (Behaviour.Refuses, 10, int.MaxValue),
        (Behaviour.Fails, 5, int.MaxValue),
        (Behaviour.Babbles, 5, int.MaxValue),
        (Behaviour.BreaksOff, 5, int.MaxValue),
        (Behaviour.Wanders, int.MaxValue, int.MaxValue),
    ];

    private readonly Dictionary<string, (GoldTask Task, Behaviour Behaviour, int Members)> _plan = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _begun = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Behaviour, int> _did = new();

    public PlannedModel(IReadOnlyList<GoldTask> tasks)
    {
        var golden = tasks.Count * PercentGold / 100;
        for (var task = 0; task < tasks.Count; task++)
        {
            var (behaviour, members) = task < golden ? (task % 7 == 0 ? Behaviour.BusyOnce : Behaviour.Gold, int.MaxValue) : Other(task - golden);
            _plan[tasks[task].Text] = (tasks[task], behaviour, members);
        }
    }

    /// <summary>What it did with first calls of a conversation, by kind.</summary>
    public IReadOnlyDictionary<Behaviour, int> Did => _did;

    /// <summary>So many rollouts of groups of this size meet a behaviour.</summary>
    public int Expected(Behaviour behaviour, int groupSize) => _plan.Values.Sum(planned =>
        planned.Behaviour == behaviour ? Math.Min(planned.Members, groupSize) : behaviour == Behaviour.Gold && planned.Members < groupSize ? groupSize - planned.Members : 0);

    public ModelReply Reply(ModelCall call)
    {
        var (task, behaviour, members) = _plan[call.Task];
        if (call.Turn > 0) return behaviour == Behaviour.Wanders ? Wander() : Gold(task, call.Turn);
        var begun = _begun.AddOrUpdate(call.Task, 1, (_, before) => before + 1);
        if (behaviour == Behaviour.BusyOnce && begun > 1) behaviour = Behaviour.Gold;
        if (begun > members) behaviour = Behaviour.Gold;
        _did.AddOrUpdate(behaviour, 1, (_, before) => before + 1);
        return behaviour switch
        {
            Behaviour.BusyOnce => new ModelReply.Status(429, RetryAfter: "1"),
            Behaviour.Wanders => Wander(),
            Behaviour.Hangs => new ModelReply.Hang(),
            Behaviour.Refuses => new ModelReply.Status(400),
            Behaviour.Fails => new ModelReply.Status(500),
            Behaviour.Babbles => new ModelReply.Raw("{\"choices\":[{"),
            Behaviour.BreaksOff => new ModelReply.Cut(),
            _ => Gold(task, 0),
        };
    }

    private static ModelReply Wander() => ModelReply.Say("I would rather not move.");

    private static ModelReply Gold(GoldTask task, int turn) => turn < task.Actions.Count ? new ModelReply.Message((JsonObject)task.Actions[turn].DeepClone()) : ModelReply.Say("I am there.");

    private static (Behaviour Behaviour, int Members) Other(int place)
    {
        foreach (var (behaviour, tasks, members) in Others)
        {
            if (place < tasks) return (behaviour, members);
            place -= tasks;
        }

        throw new InvalidOperationException("the last of them takes all that is left");
    }
}
