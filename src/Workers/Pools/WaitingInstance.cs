namespace SandQueue.Workers.Pools;

/// <summary>One that waits for a slot.</summary>
internal sealed class WaitingInstance(bool isRecovery, string? tenant)
{
    /// <summary>Whether the instance was made before.</summary>
    public bool IsRecovery => isRecovery;

    /// <summary>Whom it belongs to; null where it is no instance.</summary>
    public string? Tenant => tenant;

    /// <summary>The container it has its slot in.</summary>
    public TaskCompletionSource<PooledContainer> Slot { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
