using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.DashboardDoor;

/// <summary>What a session lets its browser do now: a key that was revoked lets nobody in, whoever signed in with it.</summary>
internal sealed class SessionAccess(Sessions sessions, IKeyRing keys)
{
    /// <param name="id">The session; null for a browser that has none.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    public async ValueTask<Access?> FindAsync(string? id, CancellationToken cancellationToken)
    {
        var key = sessions.KeyOf(id);
        return key is null && !keys.IsOpen ? null : await keys.FindAsync(key, cancellationToken);
    }
}
