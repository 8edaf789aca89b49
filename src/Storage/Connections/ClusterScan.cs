namespace SandQueue.Storage.Connections;

/// <summary>Scans of the whole database that every worker would run, and of each of which one at a time is enough. Numbered for good: two versions may run at once.</summary>
internal enum ClusterScan
{
    Retention = 0,
    EndedCheckpoints = 1,
    OwnerlessInstances = 2,
    UnmadeInstances = 3,
    DeadWorkers = 4,
    EndsToAnnounce = 5,
    Batches = 6,
    BatchesToAnnounce = 7,
    OldBatches = 8,
}
