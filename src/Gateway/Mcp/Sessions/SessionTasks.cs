using SandQueue.Gateway.Tools;
using SandQueue.Routing;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>Finds in the database what a session plays: it may have been opened, or played on, at another gateway or before a restart.</summary>
internal sealed class SessionTasks(SandboxInstances made, InstanceListing instances, JournalPages journal)
{
    /// <summary>What the session plays; asks the database only where this gateway does not know.</summary>
    public async Task<OpenTask?> FindAsync(EpisodeSession session, CancellationToken cancellationToken) =>
        session.Task is { IsStale: false } known ? known : await LookAsync(session, cancellationToken);

    /// <summary>The same, as it is in the database by now.</summary>
    public async Task<OpenTask?> LookAsync(EpisodeSession session, CancellationToken cancellationToken)
    {
        var known = session.Task;
        var found = known is null ? null : await ReadAsync(session.Tenant, known.InstanceId, known, cancellationToken);
        return session.Learn(known, found ?? await FindMadeAsync(session, cancellationToken));
    }

    /// <summary>Whether an instance lives and nothing has completed on it after what this gateway knows of: else another serves the session by now.</summary>
    public async Task<bool> IsLeftAsync(string tenant, OpenTask task, CancellationToken cancellationToken) =>
        await instances.FindAsync(tenant, task.InstanceId, episodeId: null, cancellationToken) is { EndedAt: null } row
        && await journal.FindLastAsync(row.EpisodeId, cancellationToken) == task.LastCommand;

    /// <summary>A living instance with its tools, read from its journal.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="instance">Its name.</param>
    /// <param name="known">What is known of it; good as long as no other step was taken.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    /// <returns>Null where it has ended, or is still being made.</returns>
    public async Task<OpenTask?> ReadAsync(string tenant, string instance, OpenTask? known, CancellationToken cancellationToken)
    {
        if (await instances.FindAsync(tenant, instance, episodeId: null, cancellationToken) is not { EndedAt: null } row) return null;
        if (known is { IsStale: false } && known.Step == row.NextStep - 1) return known;
        OfferedTools? tools = null;
        var (step, last) = (0, "");
        await foreach (var entry in journal.ReadEpisodeAsync(row.EpisodeId, after: 0, int.MaxValue, cancellationToken))
        {
            last = entry.CommandId;
            if (entry.Kind == JournalKind.Create) tools ??= OfferedTools.Of(entry.Answer);
            else if (entry.Kind == JournalKind.Step) (tools, step) = (tools?.After(entry.Answer), entry.Step ?? step);
        }

        return tools is null ? null : new OpenTask(instance, row.EnvType, row.TaskId, tools, step, last);
    }

    private async Task<OpenTask?> FindMadeAsync(EpisodeSession session, CancellationToken cancellationToken)
    {
        OpenTask? found = null;
        foreach (var instance in await made.ListAsync(session.Tenant, session.Name, cancellationToken)) found ??= await ReadAsync(session.Tenant, instance, known: null, cancellationToken);
        return found;
    }
}
