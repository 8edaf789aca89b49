using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace SandQueue.Workers.Instances;

/// <summary>The instances this worker owns, by tenant and the tenant's name for them.</summary>
internal sealed class OwnedInstances
{
    private readonly ConcurrentDictionary<(string Tenant, string InstanceId), InstanceOwner> _owners = new();

    public int Count => _owners.Count;

    public ICollection<InstanceOwner> All => _owners.Values;

    /// <returns>False where this worker has an owner for that instance already.</returns>
    public bool TryAdd(InstanceOwner owner) => _owners.TryAdd(Key(owner), owner);

    public bool TryGet(string tenant, string instanceId, [MaybeNullWhen(false)] out InstanceOwner owner) =>
        _owners.TryGetValue((tenant, instanceId), out owner);

    /// <summary>Forgets an owner whose instance ended; a newer one of the same name stays.</summary>
    public void Remove(InstanceOwner owner) =>
        _owners.TryRemove(KeyValuePair.Create(Key(owner), owner));

    /// <summary>
    /// Gives an instance up, from within its mailbox, because its row is not as its owner knows it. Commands that wait
    /// have to look again: for another owner, or for this worker with the row as it is now.
    /// </summary>
    public void GiveUp(InstanceOwner owner)
    {
        Remove(owner);
        owner.Abandon();
    }

    /// <summary>Gives up everything: this worker's lease has ended. Commands that wait have to find the new owners.</summary>
    public void Discard()
    {
        foreach (var owner in _owners.Values)
        {
            Remove(owner);
            owner.Mailbox.Post(() =>
            {
                owner.Abandon();
                return Task.CompletedTask;
            });
        }
    }

    private static (string Tenant, string InstanceId) Key(InstanceOwner owner) => (owner.Row.Tenant, owner.InstanceId);
}
