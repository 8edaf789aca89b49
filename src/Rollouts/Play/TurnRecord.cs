using SandQueue.Rollouts.Policies;

namespace SandQueue.Rollouts.Play;

/// <summary>The turns of a rollout, read and recorded through outages of the database: a turn that was decided is never decided again because it could not be stored.</summary>
internal sealed class TurnRecord(IRolloutRecord record, StorageRetry retry)
{
    private RecordedTurns? _page;

    /// <summary>A turn that was recorded; null where none was. Asked for one after the other: only a page of them is kept.</summary>
    public async Task<PolicyTurn?> FindAsync(int number, CancellationToken cancellationToken)
    {
        _page ??= await ReadAsync(after: 0, cancellationToken);
        while (_page.Through is { } last && last < number) _page = await ReadAsync(last, cancellationToken);
        return _page.Turns.GetValueOrDefault(number);
    }

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

    private Task<RecordedTurns> ReadAsync(int after, CancellationToken cancellationToken) => retry.RunAsync(() => record.ReadAsync(after, cancellationToken), cancellationToken);
}
