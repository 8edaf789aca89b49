using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace SandQueue.Gateway.DashboardDoor;

/// <summary>
/// Who is signed in at this gateway. The browser has a random id and never the key; the key stays here, so that each call asks anew whether it is still let in. A gateway that ends
/// signs everyone out.
/// </summary>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>What is kept at most; the one that was used longest ago makes room.</summary>
    private const int Most = 10_000;

    private static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    private readonly ConcurrentDictionary<string, Session> _sessions = new(StringComparer.Ordinal);

    /// <returns>The id, which nobody can guess.</returns>
    public string Begin(string key)
    {
        foreach (var (old, _) in _sessions.Where(session => IsOver(session.Value))) _sessions.TryRemove(old, out _);
        if (_sessions.Count >= Most) _sessions.TryRemove(_sessions.MinBy(session => session.Value.UsedAt).Key, out _);
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        _sessions[id] = new Session(key, time.GetTimestamp());
        return id;
    }

    /// <summary>The key of a session; null where there is none, or it was not used for too long.</summary>
    public string? KeyOf(string? id)
    {
        if (id is null || !_sessions.TryGetValue(id, out var session)) return null;
        if (IsOver(session))
        {
            _sessions.TryRemove(id, out _);
            return null;
        }

        // Only where it is there still: one that was ended meanwhile stays ended.
        _sessions.TryUpdate(id, session with { UsedAt = time.GetTimestamp() }, session);
        return session.Key;
    }

    public void End(string? id)
    {
        if (id is not null) _sessions.TryRemove(id, out _);
    }

    private bool IsOver(Session session) => time.GetElapsedTime(session.UsedAt) > Idle;

    private sealed record Session(string Key, long UsedAt);
}
