using System.Collections.Concurrent;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Tools;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.Ors.Sessions;

/// <summary>Finds the episode of a session, and begins it where its environment was not known before.</summary>
internal sealed class SessionEpisodes(RecordedEpisodes recorded, DeferredTasks deferred, SessionStart start)
{
    /// <summary>Sessions whose tools are remembered; another gateway, or this one when it has forgotten, reads them from the journal.</summary>
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(string Tenant, string Session), bool> _known = new();

    /// <summary>Whether the environment itself has a tool of the name of the doors' own, which is asked with each plain message.</summary>
    /// <remarks>Of an ended session too: a call that was taken is answered again, and one that was not is told by the router that the instance has ended.</remarks>
    /// <exception cref="BadRequestException">The session has no instance (404).</exception>
    public async Task<bool> HasOwnSendMessageAsync(HttpContext context, string environment)
    {
        var session = (context.Tenant(), OrsSession.IdOf(context.Request));
        if (_known.TryGetValue(session, out var has)) return has;
        has = (await FindAnyAsync(context, environment)).Tools.Takes(OfferedTool.SendMessage.Name);
        if (_known.Count >= Most) _known.Clear();
        return _known[session] = has;
    }

    /// <summary>Begins the episode of a session that waited for the name of its environment.</summary>
    public Task BeginAsync(HttpContext context, string environment)
    {
        var (tenant, session) = (context.Tenant(), OrsSession.IdOf(context.Request));
        return deferred.Find(tenant, session) is { } task ? start.RunAsync(context, tenant, session, environment, task) : Task.CompletedTask;
    }

    /// <exception cref="BadRequestException">The session has no instance (404), or it has ended (410).</exception>
    public async Task<RecordedEpisode> FindAsync(HttpContext context, string environment)
    {
        var found = await FindAnyAsync(context, environment);
        return found.Instance is { EndedAt: { } ended } instance
            ? throw new BadRequestException(InstanceErrors.Ended(instance.InstanceId, instance.EndDetail, ended), StatusCodes.Status410Gone, "released")
            : found;
    }

    /// <summary>Living or ended.</summary>
    private async Task<RecordedEpisode> FindAnyAsync(HttpContext context, string environment)
    {
        await BeginAsync(context, environment);
        var session = OrsSession.IdOf(context.Request);
        return await recorded.FindAsync(context.Tenant(), session, context.RequestAborted)
            ?? throw new BadRequestException($"session '{session}' has no instance; POST /create makes one", StatusCodes.Status404NotFound, "unknown_instance");
    }
}
