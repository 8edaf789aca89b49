namespace SandQueue.Storage.Model;

/// <summary>A process that owns containers and instances. Times are Unix milliseconds by the database's clock.</summary>
public sealed class Worker
{
    /// <summary>New at every start: a worker that comes back is another worker.</summary>
    public required string Name { get; set; }

    public required string Host { get; set; }

    public required string Version { get; set; }

    /// <summary>The version of the messages it reads; workers of another are none to a gateway.</summary>
    public int Contract { get; set; }

    /// <summary>The environments it serves, as its environment servers describe them: a JSON array.</summary>
    public required string Environments { get; set; }

    /// <summary>Instances it could still take, over all environments.</summary>
    public int FreeSlots { get; set; }

    /// <summary>The same by environment, with the instances it owns; empty until its first renewal.</summary>
    public IReadOnlyList<EnvironmentCapacity> Capacity { get; set; } = [];

    /// <summary>Asked to drain: to hand its instances over and to stop.</summary>
    public bool Draining { get; set; }

    public long StartedAt { get; set; }

    /// <summary>Until when it owns what it owns. An expired lease is never renewed.</summary>
    public long LeaseUntil { get; set; }

    /// <summary>When it last received a message through its own queue, as it published with its last renewal; 0 of a version that does not say.</summary>
    public long ReceivedAt { get; set; }

    /// <summary>Since when it has received without a gap.</summary>
    public long ReceivingSince { get; set; }
}
