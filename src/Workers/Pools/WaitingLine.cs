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

    public void Add(WaitingInstance waiting)
    {
        var next = _waiting.First;
        while (waiting.IsRecovery && next is { Value.IsRecovery: true }) next = next.Next;
        if (waiting.IsRecovery && next is not null) _waiting.AddBefore(next, waiting);
        else _waiting.AddLast(waiting);
    }

    /// <returns>False where it got its slot, or its failure, at the same moment.</returns>
    public bool Remove(WaitingInstance waiting) => _waiting.Remove(waiting);

    /// <summary>Serves those in front for as long as there are slots.</summary>
    /// <param name="take">Takes a slot; null where none is free for this one.</param>
    public void Serve(Func<WaitingInstance, PooledContainer?> take)
    {
        while (_waiting.First is { } first && take(first.Value) is { } container)
        {
            _waiting.RemoveFirst();
            first.Value.Slot.SetResult(container);
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
