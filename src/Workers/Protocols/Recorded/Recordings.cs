using System.Globalization;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Protocols.Recorded;

/// <summary>Finds the episode that a task of a recorded environment means: <c>ENV/TASK</c>, or <c>episode:N</c>. A tenant has its own and no others.</summary>
internal sealed class Recordings(EpisodeExports exports, EpisodeReader reader)
{
    private const string ByNumber = "episode:";

    /// <summary>Episodes of one task that are looked at for the params that were given.</summary>
    private const int MostOfTask = 100;

    /// <summary>The episode of a task.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="parameters">The Create's <c>params</c>. Where there are any, the episode was made with the same.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <exception cref="EnvironmentRejectedException">There is none.</exception>
    public async Task<Recording> FindAsync(string tenant, string taskId, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        if (taskId.StartsWith(ByNumber, StringComparison.Ordinal))
        {
            if (!long.TryParse(taskId.AsSpan(ByNumber.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) throw NoTask(taskId);
            var numbered = await GetAsync(tenant, number, cancellationToken);
            return Takes(parameters, numbered.Params) ? numbered : throw new EnvironmentRejectedException($"episode {number} was made with other params; leave params out, or give the same");
        }

        var slash = taskId.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == taskId.Length - 1) throw NoTask(taskId);
        var (environment, task) = (taskId[..slash], taskId[(slash + 1)..]);
        var isAny = Takes(parameters, []);
        var heads = await exports.ListNewestAsync(tenant, (environment, task), isAny ? 1 : MostOfTask, cancellationToken);
        if (heads.Count == 0) throw new EnvironmentRejectedException($"the journal has no ended episode of yours of task '{task}' of '{environment}'; play or import one");
        return heads.Find(head => isAny || Takes(parameters, head.Params)) is { } head
            ? await ReadAsync(head, cancellationToken)
            : throw new EnvironmentRejectedException($"of your newest {heads.Count} ended episodes of task '{task}' of '{environment}' none was made with these params; leave params out, or name one by episode:N");
    }

    /// <summary>An episode by its number.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async Task<Recording> GetAsync(string tenant, long episodeId, CancellationToken cancellationToken) =>
        await exports.FindAsync(tenant, episodeId, cancellationToken) is { } head
            ? await ReadAsync(head, cancellationToken)
            : throw new EnvironmentRejectedException($"the journal has no ended episode {episodeId} of yours");

    /// <summary>The answer of a recorded command, byte for byte.</summary>
    /// <exception cref="EnvironmentFailedException">It has left the journal meanwhile.</exception>
    public async Task<byte[]> ReadAnswerAsync(RecordedCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAnswerAsync(command, cancellationToken);
        }
        catch (InvalidOperationException exception) when (exception is not ObjectDisposedException && !DatabaseFailure.Is(exception))
        {
            throw new EnvironmentFailedException("the recorded episode has left the journal (Worker:KeepEpisodes)", exception);
        }
    }

    private async Task<Recording> ReadAsync(EpisodeHead head, CancellationToken cancellationToken) =>
        await reader.ReadCommandsAsync(head.EpisodeId, cancellationToken) is [{ Kind: JournalKind.Create }, ..] commands
            ? new Recording(head.EpisodeId, head.Params, commands)
            : throw new EnvironmentRejectedException($"episode {head.EpisodeId} is not whole in the journal any more");

    private static bool Takes(ReadOnlyMemory<byte> given, byte[] recorded) => JsonMeaning.AreSame(given, default) || JsonMeaning.AreSame(given, recorded);

    private static EnvironmentRejectedException NoTask(string taskId) =>
        new($"there is no task '{OneLine.Of(taskId, 100)}'; a task is ENV/TASK, for the newest ended episode of yours of that task, or episode:N");
}
