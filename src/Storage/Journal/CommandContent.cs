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
        && (instance is null || command switch
        {
            CreateInstance create => instance.EnvType == create.EnvType && instance.TaskId == create.TaskId,
            InstanceCommand other => instance.InstanceId == other.InstanceId,
            _ => true,
        });

    /// <summary>Whether two commands of one id are the same command, as <see cref="IsOf"/> says of a command and an entry.</summary>
    public static bool AreSame(Command one, Command other) => (one, other) switch
    {
        (CreateInstance a, CreateInstance b) => a.EnvType == b.EnvType && a.TaskId == b.TaskId && HaveSamePayload(a, b),
        (InstanceCommand a, InstanceCommand b) => a.GetType() == b.GetType() && a.InstanceId == b.InstanceId && HaveSamePayload(a, b),
        (ListTasks a, ListTasks b) => a.EnvType == b.EnvType && a.Split == b.Split && HaveSamePayload(a, b),
        _ => false,
    };

    /// <summary>Whether two entries of one id are of the same command, as far as entries tell.</summary>
    internal static bool AreSame(JournalEntry one, JournalEntry other) =>
        one.Kind == other.Kind && JsonMeaning.AreSame(one.Action, other.Action) && JsonMeaning.AreSame(one.Params, other.Params);

    private static bool HaveSamePayload(Command one, Command other) =>
        JsonMeaning.AreSame(Action(one), Action(other)) && JsonMeaning.AreSame(Params(one), Params(other));
}
