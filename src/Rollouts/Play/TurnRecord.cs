using SandQueue.Rollouts.Policies;

namespace SandQueue.Rollouts.Play;

/// <summary>The turns of a rollout, read and recorded through outages of the database: a turn that was decided is never decided again because it could not be stored.</summary>
internal sealed class TurnRecord(IRolloutRecord record, StorageRetry retry)
{
    public Task<IReadOnlyDictionary<int, PolicyTurn>> ReadAsync(CancellationToken cancellationToken) => retry.RunAsync(() => record.ReadAsync(cancellationToken), cancellationToken);

    public Task AppendAsync(int number, PolicyTurn turn, CancellationToken cancellationToken) => retry.RunAsync(
        async () =>
        {
            await record.AppendAsync(number, turn, cancellationToken);
            return true;
        },
        cancellationToken);

    public Task ConfirmAsync(CancellationToken cancellationToken) => retry.RunAsync(
        async () =>
        {
            await record.ConfirmAsync(cancellationToken);
            return true;
        },
        cancellationToken);
}
