using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>The sessions of this gateway, by their ids.</summary>
internal sealed class LiveSessions(IOptions<GatewayOptions> options)
{
    private readonly ConcurrentDictionary<string, EpisodeSession> _sessions = new(StringComparer.Ordinal);

    public void Add(string id, EpisodeSession session) => _sessions[id] = session;

    /// <summary>The session of that id; null where this gateway has none.</summary>
    public EpisodeSession? Find(string? id) => id is null ? null : _sessions.GetValueOrDefault(id);

    /// <summary>Another gateway's copy of the session may have come back under the same id: that one stays.</summary>
    public void Remove(string id, EpisodeSession session) => _sessions.TryRemove(KeyValuePair.Create(id, session));

    /// <exception cref="BadRequestException">The tenant has as many sessions as it may.</exception>
    public void RequireRoom(string tenant)
    {
        var most = options.Value.McpSessions;
        if (most == 0 || _sessions.Values.Count(session => session.Tenant == tenant) < most) return;
        throw new BadRequestException(
            $"this tenant has {most} MCP sessions at this gateway, and may have no more (Gateway:McpSessions); end some with DELETE, or wait until they are idle for Gateway:McpSessionIdle",
            StatusCodes.Status429TooManyRequests,
            OutcomeNames.Reason(CommandReason.OverLimit));
    }
}
