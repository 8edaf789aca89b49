using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

public abstract class EpisodeFailuresContract(StoreFixture store)
{
    private readonly EpisodeFailures _failures = store.Get<EpisodeFailures>();
    private readonly string _tenant = Rows.NewCaller();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_did_not_complete_is_read_page_by_page_in_the_order_of_the_journal()
    {
        await MakeAsync(createdAt: 100);
        foreach (var name in (string[])["one", "two", "three"]) await FailAsync(name, at: 150);

        var (first, second) = (await ReadAsync(after: 0, most: 2), new List<FailedCommand>());
        second.AddRange(await ReadAsync(first[^1].Id, most: 10));

        first.Concat(second).Select(failed => failed.CommandId).ShouldBe(["one", "two", "three"]);
        var found = first[0];
        (found.Kind, found.End, found.Reason, found.Cause, found.Detail, found.RecordedAt).ShouldBe((JournalKind.Step, CommandEnd.Failed, CommandReason.EnvironmentFailed, FailureCause.Infrastructure, "it broke", 150));
    }

    [Fact]
    public async Task Of_several_of_a_name_each_has_what_ended_before_the_next_was_made()
    {
        var first = await MakeAsync(createdAt: 100);
        await FailAsync("before", at: 99);
        await FailAsync("of the first", at: 100);
        await AppendAsync(Rows.Release(first, 1));
        await FailAsync("between", at: 199);
        await MakeAsync(createdAt: 200);
        await FailAsync("of the second", at: 200);

        (await ReadAsync(first.EpisodeId)).Select(failed => failed.CommandId).ShouldBe(["of the first", "between"]);
        (await ReadAsync()).Select(failed => failed.CommandId).ShouldBe(["of the second"]);
    }

    [Fact]
    public async Task Others_commands_creates_and_what_completed_are_not_in_it()
    {
        var row = await MakeAsync(createdAt: 100);
        await AppendAsync(Rows.Step(row, 1));
        await FailAsync("of another instance", at: 150, target: "j");
        await FailAsync("of another tenant", at: 150, tenant: Rows.NewCaller());
        await FailAsync("a create of a task of that name", at: 150, kind: JournalKind.Create);
        await AppendAsync(new JournalAppend(new JournalEntry { Tenant = _tenant, CommandId = "a repetition", Kind = JournalKind.Step, Target = "i", End = CommandEnd.Completed, RecordedAt = 150 }, null));

        (await ReadAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_of_any_characters_has_its_failures()
    {
        const string Name = "a\tb\u202E";
        var row = await Rows.ClaimAsync(store, _tenant, Name);
        await FailAsync("failed", at: 150, target: Name);

        var instance = await store.Get<InstanceListing>().FindAsync(row.Tenant, Name, null, Cancel);
        (await _failures.ReadAsync(_tenant, instance!, after: 0, most: 10, Cancel)).Select(failed => failed.CommandId).ShouldBe(["failed"]);
    }

    [Fact]
    public async Task The_list_goes_by_its_index()
    {
        await MakeAsync(createdAt: 100);
        var instance = await store.Get<InstanceListing>().FindAsync(_tenant, "i", null, Cancel);
        await using var context = await store.Get<IContextSource>().OpenAsync(Cancel);
        (await store.PlanAsync(context, EpisodeFailures.Query(context, _tenant, instance!, long.MaxValue, after: 0, most: 100))).ShouldContain("ends_without_episode_by_target");
    }

    private async Task<Instance> MakeAsync(long createdAt)
    {
        var row = Rows.NewInstance(_tenant);
        row.CreatedAt = createdAt;
        return await Rows.ClaimAsync(store, row);
    }

    private Task FailAsync(string command, long at, string target = "i", string? tenant = null, JournalKind kind = JournalKind.Step) => AppendAsync(new JournalAppend(
        new JournalEntry
        {
            Tenant = tenant ?? _tenant,
            CommandId = command,
            Kind = kind,
            Target = target,
            End = CommandEnd.Failed,
            Reason = CommandReason.EnvironmentFailed,
            Cause = FailureCause.Infrastructure,
            Detail = "it broke",
            RecordedAt = at,
        },
        Progress: null));

    private async Task AppendAsync(JournalAppend append) => (await store.Get<EpisodeJournal>().AppendAsync(append, Cancel)).ShouldBe(JournalVerdict.Committed);

    private Task<List<FailedCommand>> ReadAsync(long after, int most) => ReadAsync(episode: null, after, most);

    private async Task<List<FailedCommand>> ReadAsync(long? episode = null, long after = 0, int most = 100)
    {
        var instance = await store.Get<InstanceListing>().FindAsync(_tenant, "i", episode, Cancel);
        return await _failures.ReadAsync(_tenant, instance!, after, most, Cancel);
    }
}
