using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>What becomes of rows when two processes write at once.</summary>
public abstract class JournalRaceContract(StoreFixture store)
{
    private readonly EpisodeReader _reader = store.Get<EpisodeReader>();
    private readonly InstanceDirectory _instances = store.Get<InstanceDirectory>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_step_and_the_expiry_of_its_command_one_is_recorded_and_the_instance_moves_on_with_the_step_alone()
    {
        var tenant = Rows.NewCaller();
        var rows = await Task.WhenAll(Enumerable.Range(0, 200).Select(index => Rows.ClaimAsync(store, tenant, $"i{index}")));
        await using var worker = NewJournal(store.Get<IJournalCommit>());
        await using var gateway = NewJournal(store.Get<IJournalCommit>());

        var steps = Together(rows.Select(row => worker.AppendAsync(Rows.Step(row, 1, $"c{row.InstanceId}"), Cancel)));
        var expiries = Together(rows.Reverse().Select(row => gateway.AppendAsync(Rows.Alone(tenant, $"c{row.InstanceId}"), Cancel)));

        var (stepped, expired) = (await steps, (await expiries).Reverse().ToArray());
        for (var i = 0; i < rows.Length; i++)
        {
            (JournalVerdict, JournalVerdict)[] possible = [(JournalVerdict.Committed, JournalVerdict.Duplicate), (JournalVerdict.Duplicate, JournalVerdict.Committed)];
            possible.ShouldContain((stepped[i], expired[i]));
            var isStep = stepped[i] == JournalVerdict.Committed;
            (await _instances.FindLivingAsync(tenant, rows[i].InstanceId, Cancel))!.NextStep.ShouldBe(isStep ? 2 : 1);
            (await _reader.FindCommandAsync(tenant, $"c{rows[i].InstanceId}", Cancel))!.EpisodeId.ShouldBe(isStep ? rows[i].EpisodeId : null);
        }
    }

    [Fact]
    public async Task Processes_that_write_the_same_ids_in_opposite_order_need_one_commit_each()
    {
        for (var round = 0; round < 20; round++)
        {
            var tenant = Rows.NewCaller();
            var (one, other) = (new GatedCommits(store.Get<IJournalCommit>()), new GatedCommits(store.Get<IJournalCommit>()));
            await using (var first = NewJournal(one))
            await using (var second = NewJournal(other))
            {
                await FillAsync(first, one, tenant, Enumerable.Range(0, 250));
                await FillAsync(second, other, tenant, Enumerable.Range(0, 250).Reverse());
                one.Open();
                other.Open();
            }

            (one.Begun, other.Begun).ShouldBe((2, 2), "a deadlock fails a commit");
        }
    }

    [Fact]
    public async Task A_takeover_beside_a_commit_learns_of_the_step_or_the_step_is_stale()
    {
        for (var round = 0; round < 100; round++)
        {
            var row = await Rows.ClaimAsync(store);
            var seen = (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!;

            var step = Task.Run(() => store.Get<EpisodeJournal>().AppendAsync(Rows.Step(row, 1), Cancel));
            var takeover = Task.Run(() => _instances.TakeOverAsync(seen, "worker-b", Cancel));

            (await takeover).ShouldBeTrue();
            seen.NextStep.ShouldBe(await step == JournalVerdict.Committed ? 2 : 1);
            (await _reader.ReadEpisodeAsync(row.EpisodeId, Cancel)).Count.ShouldBe(seen.NextStep - 1);
        }
    }

    private EpisodeJournal NewJournal(IJournalCommit commits) => new(commits, store.Get<IContextSource>(), TimeProvider.System);

    /// <summary>Lets a group of rows gather behind a commit that is held back.</summary>
    private static async Task FillAsync(EpisodeJournal journal, GatedCommits commits, string tenant, IEnumerable<int> ids)
    {
        _ = journal.AppendAsync(Rows.Alone(Rows.NewCaller()), Cancel);
        await commits.Arrived;
        foreach (var id in ids) _ = journal.AppendAsync(Rows.Alone(tenant, $"c{id:d3}"), Cancel);
    }

    private static Task<JournalVerdict[]> Together(IEnumerable<Task<JournalVerdict>> appends) => Task.Run(() => Task.WhenAll(appends));
}
