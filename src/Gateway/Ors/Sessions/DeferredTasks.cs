using System.Collections.Concurrent;

namespace SandQueue.Gateway.Ors.Sessions;

/// <summary>
/// Tasks of sessions whose client did not say of which environment: the public client leaves that out where it names a task by its place, and names the environment in
/// the path of its next call. Until then the gateway that was told remembers it, for a quarter of an hour.
/// </summary>
internal sealed class DeferredTasks(TimeProvider time)
{
    private const int Most = 10_000;

    private const int MostOfTenant = 1_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<(string Tenant, string Session), (long At, SessionTask Task)> _tasks = new();

    /// <returns>False where too many wait already.</returns>
    public bool TryAdd(string tenant, string session, SessionTask task)
    {
        var (all, own) = (0, 0);
        foreach (var (key, (at, _)) in _tasks)
        {
            if (time.GetElapsedTime(at) > Lifetime)
            {
                _tasks.TryRemove(key, out _);
                continue;
            }

            all++;
            if (key.Tenant == tenant) own++;
        }

        if (all >= Most || own >= MostOfTenant) return false;
        _tasks[(tenant, session)] = (time.GetTimestamp(), task);
        return true;
    }

    /// <summary>What a session waits with; null where it waits with nothing.</summary>
    public SessionTask? Find(string tenant, string session) =>
        _tasks.TryGetValue((tenant, session), out var waiting) && time.GetElapsedTime(waiting.At) < Lifetime ? waiting.Task : null;

    public void Remove(string tenant, string session) => _tasks.TryRemove((tenant, session), out _);
}
