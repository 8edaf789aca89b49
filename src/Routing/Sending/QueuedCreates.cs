using System.Collections.Concurrent;

namespace SandQueue.Routing.Sending;

/// <summary>
/// The Creates of this process that went to their environments' shared queues and have no end yet. Where they are as many as there is room, those that come later go behind
/// them: a slot that became free a moment ago is for who has waited longest.
/// </summary>
internal sealed class QueuedCreates
{
    private readonly ConcurrentDictionary<string, int> _waiting = new(StringComparer.Ordinal);

    public int Count(string environment) => _waiting.GetValueOrDefault(environment);

    public void Enter(string environment) => _waiting.AddOrUpdate(environment, 1, static (_, count) => count + 1);

    /// <summary>One that entered has an end, or nobody waits for it any more.</summary>
    public void Leave(string environment) => _waiting.AddOrUpdate(environment, 0, static (_, count) => count - 1);
}
