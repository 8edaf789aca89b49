using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>What the journal records of a command itself. Two commands of one id are the same command only where all of it is.</summary>
public static class CommandContent
{
    /// <summary>What a command would be in the journal; null where its kind changes nothing and is not journaled.</summary>
    public static JournalKind? Kind(Command command) => command switch
    {
        CreateInstance => JournalKind.Create,
        StepInstance => JournalKind.Step,
        EvaluateInstance => JournalKind.Evaluate,
        ReleaseInstance => JournalKind.Release,
        _ => null,
    };

    /// <summary>The action or messages as they came, byte for byte.</summary>
    public static byte[] Action(Command command) => command switch
    {
        StepInstance step => step.Action,
        EvaluateInstance evaluate => evaluate.Messages,
        DescribeInstance describe => describe.Messages,
        _ => [],
    };

    /// <summary>The <c>params</c> as they came, byte for byte.</summary>
    public static byte[] Params(Command command) => command switch
    {
        CreateInstance create => create.Params,
        StepInstance step => step.Params,
        EvaluateInstance evaluate => evaluate.Params,
        DescribeInstance describe => describe.Params,
        ListTasks list => list.Params,
        _ => [],
    };

    /// <summary>What a command is for: an instance's id; of a create, the environment and the task.</summary>
    public static string? Target(Command command) => command switch
    {
        CreateInstance create => TargetOfCreate(create.EnvType, create.TaskId),
        InstanceCommand other => TargetOf(other.InstanceId),
        _ => null,
    };

    /// <summary>Whether an entry's action means what this one does.</summary>
    public static bool HasAction(JournalEntry entry, byte[] action) => JsonMeaning.AreSame(entry.Action, action);

    /// <summary>Whether an entry's <c>params</c> mean what these do.</summary>
    public static bool HasParams(JournalEntry entry, byte[] parameters) => JsonMeaning.AreSame(entry.Params, parameters);

    /// <summary>
    /// Whether an entry is the end of this command, and not of another that bears its id. A Create may come again under
    /// another instance id: a gateway makes one up for a caller that gave none.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="entry">The entry of its tenant and id.</param>
    /// <param name="instance">The instance it took effect on; null where it reached none.</param>
    internal static bool IsOf(Command command, JournalEntry entry, Instance? instance) =>
        entry.Kind == Kind(command)
        && JsonMeaning.AreSame(entry.Action, Action(command))
        && JsonMeaning.AreSame(entry.Params, Params(command))
        && Target(entry, instance) is var target && (target is null || target == Target(command));

    /// <summary>Whether two commands of one id are the same command, as <see cref="IsOf"/> says of a command and an entry.</summary>
    public static bool AreSame(Command one, Command other) => (one, other) switch
    {
        (CreateInstance a, CreateInstance b) => a.EnvType == b.EnvType && a.TaskId == b.TaskId && HaveSamePayload(a, b),
        (InstanceCommand a, InstanceCommand b) => a.GetType() == b.GetType() && a.InstanceId == b.InstanceId && HaveSamePayload(a, b),
        (ListTasks a, ListTasks b) => a.EnvType == b.EnvType && a.Split == b.Split && HaveSamePayload(a, b),
        _ => false,
    };

    /// <summary>What an entry's command was for; null where its row does not tell.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="instance">The instance of its episode; null where it reached none.</param>
    internal static string? Target(JournalEntry entry, Instance? instance) => instance switch
    {
        null => entry.Target,
        _ when entry.Kind == JournalKind.Create => TargetOfCreate(instance.EnvType, instance.TaskId),
        _ => TargetOf(instance.InstanceId),
    };

    /// <summary>What entries of an instance's commands name it: on one line, so that names which differ in their control characters alone may be the same.</summary>
    internal static string TargetOf(string instanceId) => OneLine.OfAll(instanceId);

    private static string TargetOfCreate(string environment, string task) => OneLine.OfAll($"{environment} {task}");

    private static bool HaveSamePayload(Command one, Command other) =>
        JsonMeaning.AreSame(Action(one), Action(other)) && JsonMeaning.AreSame(Params(one), Params(other));
}
