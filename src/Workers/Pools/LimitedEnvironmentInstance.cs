using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Pools;

/// <summary>
/// An instance whose calls throw <see cref="EnvironmentTimeoutException"/> where they run longer than its environment's
/// settings allow, and count in its container.
/// </summary>
internal class LimitedEnvironmentInstance(IEnvironmentInstance instance, LimitedCalls calls) : IEnvironmentInstance
{
    public ReadOnlyMemory<byte> Opening => instance.Opening;

    /// <summary>Limits an instance; one that has checkpoints keeps them.</summary>
    public static IEnvironmentInstance Of(IEnvironmentInstance instance, LimitedCalls calls) => instance is ICheckpointedInstance checkpointed
        ? new LimitedCheckpointedInstance(checkpointed, calls)
        : new LimitedEnvironmentInstance(instance, calls);

    public Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlyMemory<byte> action, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        calls.RunAsync(limit => instance.StepAsync(action, parameters, limit), cancellationToken);

    public Task<ReadOnlyMemory<byte>> EvaluateAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        calls.RunAsync(limit => instance.EvaluateAsync(messages, parameters, limit), cancellationToken);

    public Task<ReadOnlyMemory<byte>> DescribeAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        calls.RunAsync(limit => instance.DescribeAsync(messages, parameters, limit), cancellationToken);

    public Task<ReadOnlyMemory<byte>> SolveAsync(CancellationToken cancellationToken) => calls.RunAsync(instance.SolveAsync, cancellationToken);

    /// <summary>Not limited here: nothing waits for a release, and its slot limits it.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) => instance.ReleaseAsync(cancellationToken);
}
