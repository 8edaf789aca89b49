namespace SandQueue.Storage.Fleet;

/// <summary>What the database said to the renewal of a lease.</summary>
public enum LeaseVerdict
{
    /// <summary>It lasts its length from now on.</summary>
    Renewed,

    /// <summary>It had ended: the worker owns nothing any more.</summary>
    Ended,

    /// <summary>It was not renewed, because the worker receives nothing while another does; its worker gives it up.</summary>
    Stalled,
}
