using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>The same for an instance that has checkpoints: to save and to restore one are calls like any other.</summary>
internal sealed class LimitedCheckpointedInstance(ICheckpointedInstance instance, LimitedCalls calls) : LimitedEnvironmentInstance(instance, calls), ICheckpointedInstance
{
    private readonly LimitedCalls _calls = calls;

    public Task<SavedState> SaveAsync(CancellationToken cancellationToken) => _calls.RunAsync(instance.SaveAsync, cancellationToken);

    public Task<string?> LoadAsync(ReadOnlyMemory<byte> state, CancellationToken cancellationToken) =>
        _calls.RunAsync(limit => instance.LoadAsync(state, limit), cancellationToken);
}
