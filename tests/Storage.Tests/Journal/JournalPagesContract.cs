using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

public abstract class JournalPagesContract(StoreFixture store)
{
    private readonly JournalPages _pages = store.Get<JournalPages>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_episode_is_read_page_by_page_in_its_order()
    {
        var row = await Rows.ClaimAsync(store);
        await AppendAsync(new JournalAppend(Rows.Entry(row, JournalKind.Create, step: 0), Rows.Unmoved(row, 1)));
        foreach (var step in (int[])[1, 2, 3]) await AppendAsync(Rows.Step(row, step));
        await AppendAsync(Rows.Evaluation(row, 4));

        var first = await ReadAsync(row.EpisodeId, after: 0, most: 2);
        var second = await ReadAsync(row.EpisodeId, first[^1].Id, most: 10);

        first.Concat(second).Select(entry => (entry.Kind, entry.Step)).ShouldBe(
            [(JournalKind.Create, 0), (JournalKind.Step, 1), (JournalKind.Step, 2), (JournalKind.Step, 3), (JournalKind.Evaluate, null)]);
        (await ReadAsync(long.MaxValue, 0, 10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_command_is_found_by_its_id_with_the_instance_it_was_for()
    {
        var row = await Rows.ClaimAsync(store, instanceId: "named");
        await AppendAsync(Rows.Step(row, 1, "taken"));

        (await _pages.FindCommandAsync(row.Tenant, "taken", Cancel))!.InstanceId.ShouldBe("named");
        (await _pages.FindCommandAsync(Rows.NewCaller(), "taken", Cancel)).ShouldBeNull();
        (await _pages.FindCommandAsync(row.Tenant, "TAKEN", Cancel)).ShouldBeNull();
    }

    [Theory]
    [InlineData(JournalKind.Step, "ghost")]
    [InlineData(JournalKind.Create, null)]
    public async Task A_command_that_reached_no_instance_says_which_it_was_for(JournalKind kind, string? instance)
    {
        var refused = new JournalEntry { Tenant = Rows.NewCaller(), CommandId = "refused", Kind = kind, Target = "ghost", End = CommandEnd.Rejected, Reason = CommandReason.InvalidRequest };
        await AppendAsync(new JournalAppend(refused, Progress: null));

        var found = await _pages.FindCommandAsync(refused.Tenant, "refused", Cancel);

        found!.InstanceId.ShouldBe(instance);
        found.Entry.Reason.ShouldBe(CommandReason.InvalidRequest);
    }

    private async Task AppendAsync(JournalAppend append) => (await store.Get<EpisodeJournal>().AppendAsync(append, Cancel)).ShouldBe(JournalVerdict.Committed);

    private async Task<List<JournalEntry>> ReadAsync(long episode, long after, int most)
    {
        var read = new List<JournalEntry>();
        await foreach (var entry in _pages.ReadEpisodeAsync(episode, after, most, Cancel)) read.Add(entry);
        return read;
    }
}
