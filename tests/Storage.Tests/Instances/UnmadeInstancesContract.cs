using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Instances;

/// <summary>Instances that were claimed and never made.</summary>
public abstract class UnmadeInstancesContract(StoreFixture store)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly InstanceDirectory _instances = store.Get<InstanceDirectory>();
    private readonly OwnerlessInstances _ownerless = store.Get<OwnerlessInstances>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Those_of_dead_workers_and_those_that_take_too_long_are_ended_and_no_others()
    {
        var tenant = Rows.NewCaller();
        await RegisterAsync("create-dead");
        await store.PassAsync(TimeSpan.FromSeconds(11));
        await RegisterAsync("create-living");
        var now = await store.NowAsync();
        var tooLong = now - (long)Longest.TotalMilliseconds - 1_000;
        foreach (var (name, owner, state, created) in ((string, string, InstanceState, long)[])
        [
            ("making", "create-living", InstanceState.Creating, now - 60_000),
            ("making-for-too-long", "create-living", InstanceState.Creating, tooLong),
            ("of-the-dead", "create-dead", InstanceState.Creating, now - 60_000),
            ("made-by-the-dead", "create-dead", InstanceState.Live, tooLong),
            ("made", "create-living", InstanceState.Live, tooLong),
        ])
        {
            var row = Rows.NewInstance(tenant, name, owner, lastUsedAt: now);
            (row.State, row.CreatedAt) = (state, created);
            (await _instances.ClaimAsync(row, Cancel)).ShouldBeNull();
        }

        (await _ownerless.FailUnmadeAsync(Longest, "was not made", Cancel)).ShouldBe(2);

        foreach (var name in (string[])["making", "made-by-the-dead", "made"]) (await _instances.FindLivingAsync(tenant, name, Cancel)).ShouldNotBeNull(name);
        foreach (var name in (string[])["making-for-too-long", "of-the-dead"])
        {
            var ended = (await _instances.FindNewestAsync(tenant, name, Cancel))!;
            (ended.State, ended.EndDetail).ShouldBe((InstanceState.Failed, "was not made"), name);
            ended.EndedAt!.Value.ShouldBeInRange(now, now + 60_000);
        }
    }

    [Fact]
    public async Task A_create_that_goes_on_all_the_same_writes_nothing()
    {
        var row = Rows.NewInstance(Rows.NewCaller(), owner: "nobody");
        row.State = InstanceState.Creating;
        await _instances.ClaimAsync(row, Cancel);
        await _ownerless.FailUnmadeAsync(Longest, "was not made", Cancel);

        var create = new JournalAppend(Rows.Entry(row, JournalKind.Create, step: 0), Rows.Unmoved(row, 1));
        (await store.Get<EpisodeJournal>().AppendAsync(create, Cancel)).ShouldBe(JournalVerdict.Stale);
    }

    private Task RegisterAsync(string name) => store.Get<WorkerDirectory>().RegisterAsync(
        new Worker { Name = name, Host = "h", Version = "1", Environments = "[]" }, TimeSpan.FromSeconds(10), Cancel);
}
