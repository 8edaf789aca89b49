using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>What a command asks for, as the journal keeps it. An id that comes back with another content is not the same command.</summary>
public static class CommandContent
{
    /// <summary>What a command would be in the journal; null where its kind changes nothing and is not journaled.</summary>
    public static JournalKind? Kind(ICommand command) => command switch
    {
        CreateInstance => JournalKind.Create,
        StepInstance => JournalKind.Step,
        EvaluateInstance => JournalKind.Evaluate,
        ReleaseInstance => JournalKind.Release,
        _ => null,
    };

    /// <summary>The agent's message of a step, the messages of an evaluation, the environment and task of a Create.</summary>
    public static byte[] Action(ICommand command) => command switch
    {
        CreateInstance create => JsonSerializer.SerializeToUtf8Bytes<string[]>([create.EnvType, create.TaskId]),
        StepInstance step => step.Action,
        EvaluateInstance evaluate => evaluate.Messages,
        _ => [],
    };

    public static byte[] Params(ICommand command) => command switch
    {
        CreateInstance create => create.Params,
        StepInstance step => step.Params,
        EvaluateInstance evaluate => evaluate.Params,
        _ => [],
    };

    /// <summary>Whether a row of the journal is of this command, and not of another that was given the same id.</summary>
    /// <param name="entry">The row.</param>
    /// <param name="command">The command.</param>
    /// <param name="episodeId">The episode of the command's instance; null where that is not known, or is new.</param>
    public static bool IsOf(JournalEntry entry, ICommand command, long? episodeId)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Kind == Kind(command)
            && (episodeId is null || entry.EpisodeId is null || entry.EpisodeId == episodeId)
            && entry.Action.AsSpan().SequenceEqual(Action(command))
            && entry.Params.AsSpan().SequenceEqual(Params(command));
    }
}
