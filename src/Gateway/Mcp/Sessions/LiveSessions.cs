using System.Collections.Concurrent;

namespace SandQueue.Gateway.Mcp.Sessions;

/// <summary>The sessions of this gateway, by their ids.</summary>
internal sealed class LiveSessions
{
    private readonly ConcurrentDictionary<string, EpisodeSession> _sessions = new(StringComparer.Ordinal);

    public void Add(string id, EpisodeSession session) => _sessions[id] = session;

    /// <summary>The session of that id; null where this gateway has none.</summary>
    public EpisodeSession? Find(string? id) => id is null ? null : _sessions.GetValueOrDefault(id);

    /// <summary>Another gateway's copy of the session may have come back under the same id: that one stays.</summary>
    public void Remove(string id, EpisodeSession session) => _sessions.TryRemove(KeyValuePair.Create(id, session));

    public int Count(string tenant) => _sessions.Values.Count(session => session.Tenant == tenant);
}
