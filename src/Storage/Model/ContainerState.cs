namespace SandQueue.Storage.Model;

/// <summary>What the pool of a container does with it. The numbers are stored.</summary>
public enum ContainerState
{
    /// <summary>Takes instances.</summary>
    Running = 0,

    /// <summary>Takes no more instances, and ends when the last has left.</summary>
    Retiring = 1,

    /// <summary>A call ran out of time in it, and it has answered no health check since.</summary>
    Quarantined = 2,

    /// <summary>Was started for one instance, and ends with it.</summary>
    Isolated = 3,

    /// <summary>Its server has exited; it is removed at the pool's next look.</summary>
    Exited = 4,
}
