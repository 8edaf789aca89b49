using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Instances;

/// <summary>An owner's connection to its instance in a container: the instance, its slot and its provenance.</summary>
internal sealed class EnvironmentConnection
{
    private ContainerSlot? _slot;

    /// <summary>The instance; null where it has to be rebuilt from the journal first.</summary>
    public IEnvironmentInstance? Environment { get; private set; }

    /// <summary>Whether there is one.</summary>
    public bool IsOpen => Environment is not null;

    /// <summary>The instance, for a call that was made ready for.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public IEnvironmentInstance Required => Environment ?? throw new InvalidOperationException("the instance has no container");

    /// <summary>Its provenance, a JSON object that evaluations repeat.</summary>
    public byte[] Provenance { get; private set; } = "{}"u8.ToArray();

    /// <summary>Whether the container ended after the last command, and the instance with it.</summary>
    public bool IsLost => _slot?.Container.Exited.IsCancellationRequested == true;

    /// <summary>Whether the instance has its container for itself.</summary>
    public bool IsIsolated => _slot?.IsIsolated == true;

    /// <summary>What the container runs; null where there is none.</summary>
    public string? ImageDigest => _slot?.Container.ImageDigest;

    /// <summary>Whether the instance has that slot.</summary>
    public bool Uses(ContainerSlot slot) => ReferenceEquals(_slot, slot);

    /// <summary>Takes over a fresh instance and its slot.</summary>
    public void Open(ContainerSlot slot, IEnvironmentInstance environment, byte[] provenance) =>
        (_slot, Environment, Provenance) = (slot, environment, provenance);

    /// <summary>Drops the instance in its container and gives its slot back.</summary>
    public void Drop()
    {
        _slot?.Free(Environment);
        (_slot, Environment) = (null, null);
    }

    /// <summary>Drops an instance whose call failed: what the call did is unknown.</summary>
    public FailedCall DropAfter(EnvironmentFailedException failure)
    {
        var slot = _slot ?? throw new InvalidOperationException("the instance has no container");
        var failed = new FailedCall(slot.BrokeWith(failure), slot.IsIsolated || slot.Calls.Suspects == 1, slot.IsIsolated, slot.Container);
        Drop();
        return failed;
    }
}
