using System.Collections.Concurrent;

namespace SandQueue.Routing.Observation;

/// <summary>
/// The Creates that this process has sent and that have no end yet. One that is there for longer than a Create takes where there is room waits for a slot: in
/// the queue of its environment, for its tenant's turn, or for a container that starts.
/// </summary>
internal sealed class WaitingCreates(KnownEnvironments environments, TimeProvider time)
{
    /// <summary>A Create that is younger may just be made.</summary>
    public static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<Waiting, bool> _waiting = new();

    /// <summary>Those that wait, by environment; an environment without any is not listed.</summary>
    public IReadOnlyDictionary<string, int> Count() => _waiting.Keys
        .Where(create => time.GetElapsedTime(create.Began) >= Moment)
        .CountBy(create => environments.Label(create.Environment), StringComparer.Ordinal)
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>A Create begins; it ends when what this returns is disposed.</summary>
    /// <param name="environment">Its environment, as its caller names it.</param>
    internal IDisposable Begin(string environment)
    {
        var create = new Waiting(this, environment, time.GetTimestamp());
        _waiting.TryAdd(create, true);
        return create;
    }

    private sealed class Waiting(WaitingCreates owner, string environment, long began) : IDisposable
    {
        public string Environment => environment;

        public long Began => began;

        public void Dispose() => owner._waiting.TryRemove(this, out _);
    }
}
