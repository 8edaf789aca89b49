using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>
/// Those who wait for a slot: instances that are recovered before new ones, otherwise in the order they came. Every member
/// is called under the pool's lock.
/// </summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<WaitingInstance> _waiting = new();

    public int Count => _waiting.Count;

    public IEnumerable<WaitingInstance> All => _waiting;

    public void Add(WaitingInstance waiting)
    {
        var next = _waiting.First;
        while (waiting.IsRecovery && next is { Value.IsRecovery: true }) next = next.Next;
        if (waiting.IsRecovery && next is not null) _waiting.AddBefore(next, waiting);
        else _waiting.AddLast(waiting);
    }

    /// <returns>False where it got its slot, or its failure, at the same moment.</returns>
    public bool Remove(WaitingInstance waiting) => _waiting.Remove(waiting);

    /// <summary>Serves whom there is a slot for, those in front first. Of a tenant that gets none now, the others are not asked.</summary>
    /// <param name="take">Takes a slot; null where none is free for this one.</param>
    public void Serve(Func<WaitingInstance, PooledContainer?> take)
    {
        var refused = new HashSet<(bool, string?)>();
        for (var node = _waiting.First; node is not null;)
        {
            var (waiting, next) = (node.Value, node.Next);
            if (!refused.Contains((waiting.IsRecovery, waiting.Tenant)))
            {
                if (take(waiting) is { } container)
                {
                    _waiting.Remove(node);
                    waiting.Slot.SetResult(container);
                }
                else
                {
                    refused.Add((waiting.IsRecovery, waiting.Tenant));
                }
            }

            node = next;
        }
    }

    /// <summary>Fails those in front.</summary>
    public void Fail(int count, ContainerException failure)
    {
        for (; count > 0 && _waiting.First is { } first; count--)
        {
            _waiting.RemoveFirst();
            first.Value.Slot.SetException(new ContainerException(failure.Message, failure));
        }
    }
}
