using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Tests.Sqlite;

/// <summary>Writers of one file beside each other.</summary>
public sealed class SqliteWriteLockTests(SqliteStore store) : IClassFixture<SqliteStore>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claim_waits_for_a_commit_without_a_thread_and_can_be_given_up()
    {
        var (reached, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        store.Get<Failpoints>().Set(Failpoint.BeforeCommit, () =>
        {
            reached.TrySetResult();
            return goOn.Task;
        });
        var append = store.Get<EpisodeJournal>().AppendAsync(Rows.Alone(Rows.NewCaller()), Cancel);
        await reached.Task.WaitAsync(Limit, Cancel);
        var instances = store.Get<InstanceDirectory>();
        using var given = new CancellationTokenSource();

        // A call that blocks its thread would not return here. Claims that wait together share a commit, and one whose commit began is not
        // given up any more; two of one name never share one, so the second is sure to wait.
        var claim = instances.ClaimAsync(Rows.NewInstance("waits"), Cancel);
        var givenUp = instances.ClaimAsync(Rows.NewInstance("waits"), given.Token);
        await given.CancelAsync();

        try
        {
            await Should.ThrowAsync<OperationCanceledException>(givenUp.WaitAsync(Limit, Cancel));
            claim.IsCompleted.ShouldBeFalse();
        }
        finally
        {
            store.Get<Failpoints>().Set(Failpoint.BeforeCommit, null);
            goOn.SetResult();
        }

        (await append.WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);
        (await claim.WaitAsync(Limit, Cancel)).ShouldBeNull();
        (await instances.CountLivingAsync("waits", Cancel)).ShouldBe(1);
    }
}
