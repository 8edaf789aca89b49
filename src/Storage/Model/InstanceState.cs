namespace SandQueue.Storage.Model;

/// <summary>Where an instance is in its life. Stored by number: never reorder.</summary>
public enum InstanceState
{
    /// <summary>Its Create is running.</summary>
    Creating = 1,

    /// <summary>It takes commands.</summary>
    Live = 2,

    /// <summary>Its memory is freed; the next command rebuilds it from the journal.</summary>
    Parked = 3,

    /// <summary>Ended by its caller or by the sweep.</summary>
    Released = 4,

    /// <summary>It died and cannot be rebuilt.</summary>
    Lost = 5,

    /// <summary>It was rebuilt and the replay differed from the journal.</summary>
    Diverged = 6,

    /// <summary>Its Create did not complete.</summary>
    Failed = 7,
}
