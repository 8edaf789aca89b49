using System.Collections.Concurrent;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Serving;

/// <summary>The live instances of this server, by the id the worker gave them.</summary>
internal sealed class InstanceTable
{
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    public int Count => _slots.Count;

    /// <exception cref="InvalidRequestException">The id is taken.</exception>
    public void Add(string instanceId, IInstance instance)
    {
        if (_slots.TryAdd(instanceId, new Slot(instance))) return;
        instance.Dispose();
        throw new InvalidRequestException($"instance '{instanceId}' exists already");
    }

    /// <summary>Runs a call on an instance while no other runs there.</summary>
    /// <exception cref="InvalidRequestException">There is no such instance.</exception>
    public async ValueTask<T> UseAsync<T>(string instanceId, Func<IInstance, T> call, CancellationToken cancel)
    {
        if (!_slots.TryGetValue(instanceId, out var slot)) throw Unknown(instanceId);
        await slot.Turn.WaitAsync(cancel);
        try
        {
            return slot.Released ? throw Unknown(instanceId) : call(slot.Instance);
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    /// <summary>Forgets an instance at once; where a call still runs on it, it is freed when that ends.</summary>
    public bool Remove(string instanceId)
    {
        if (!_slots.TryRemove(instanceId, out var slot)) return false;
        _ = FreeAsync(slot);
        return true;
    }

    private static async Task FreeAsync(Slot slot)
    {
        await slot.Turn.WaitAsync();
        try
        {
            slot.Released = true;
            slot.Instance.Dispose();
        }
        catch (Exception fault)
        {
            // Its caller has its answer already; the trace goes to the worker's log.
            await Console.Error.WriteLineAsync(fault.ToString());
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    private static InvalidRequestException Unknown(string instanceId) => new($"there is no instance '{instanceId}'");

    private sealed class Slot(IInstance instance)
    {
        public IInstance Instance { get; } = instance;

        public SemaphoreSlim Turn { get; } = new(1, 1);

        public bool Released { get; set; }
    }
}
