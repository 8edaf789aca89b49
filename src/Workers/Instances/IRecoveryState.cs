namespace SandQueue.Workers.Instances;

/// <summary>What recovery remembers of an instance. Its owner carries it, and tells it when the instance is dropped.</summary>
internal interface IRecoveryState
{
    /// <summary>Cancels a rebuild that runs, and frees what it made.</summary>
    void CancelRebuild();
}
