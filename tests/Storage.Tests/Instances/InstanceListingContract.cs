using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Instances;

public abstract class InstanceListingContract(StoreFixture store)
{
    private readonly InstanceListing _listing = store.Get<InstanceListing>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_have_every_instance_of_their_tenant_once_the_newest_first()
    {
        var tenant = Rows.NewCaller();
        var made = new List<long>();
        for (var i = 0; i < 7; i++) made.Add((await Rows.ClaimAsync(store, tenant, $"i{i}")).EpisodeId);
        await Rows.ClaimAsync(store, instanceId: "of another tenant");

        var seen = new List<long>();
        for (long? before = null; ;)
        {
            var page = await _listing.ListAsync(tenant, environment: null, state: null, search: null, before, most: 3, Cancel);
            seen.AddRange(page.Select(row => row.EpisodeId));
            if (page.Count < 3) break;
            before = page[^1].EpisodeId;

            // What is made meanwhile is on no later page.
            await Rows.ClaimAsync(store, tenant, $"later{before}");
        }

        seen.ShouldBe(Enumerable.Reverse(made));
    }

    [Fact]
    public async Task A_page_may_have_those_of_an_environment_or_in_a_state_only()
    {
        var tenant = Rows.NewCaller();
        var ended = await Rows.ClaimAsync(store, tenant, "ended");
        await store.Get<InstanceDirectory>().EndAsync(ended.EpisodeId, ended.Epoch, InstanceState.Released, "was released", 9, Cancel);
        await Rows.ClaimAsync(store, tenant, "living");
        var other = Rows.NewInstance(tenant, "other");
        other.EnvType = "bfcl";
        await Rows.ClaimAsync(store, other);

        (await _listing.ListAsync(tenant, "countdown", state: null, search: null, before: null, 10, Cancel)).Select(row => row.InstanceId).ShouldBe(["living", "ended"]);
        (await _listing.ListAsync(tenant, environment: null, InstanceState.Released, search: null, before: null, 10, Cancel)).ShouldHaveSingleItem().EndDetail.ShouldBe("was released");
        (await _listing.ListAsync(tenant, "bfcl", InstanceState.Released, search: null, before: null, 10, Cancel)).ShouldBeEmpty();
        (await _listing.ListAsync(tenant, environment: null, state: null, search: "LIVIN", before: null, 10, Cancel)).Select(row => row.InstanceId).ShouldBe(["living"]);
        (await _listing.ListAsync(tenant, environment: null, state: null, search: "%", before: null, 10, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_living_are_counted_by_tenant()
    {
        var (busy, idle) = (Rows.NewCaller(), Rows.NewCaller());
        for (var i = 0; i < 3; i++) await Rows.ClaimAsync(store, busy, $"i{i}");
        var ended = await Rows.ClaimAsync(store, idle, "ended");
        await store.Get<InstanceDirectory>().EndAsync(ended.EpisodeId, ended.Epoch, InstanceState.Released, "was released", 9, Cancel);

        var living = await _listing.CountLivingAsync(Cancel);

        living[busy].ShouldBe(3);
        living.ShouldNotContainKey(idle);
    }

    [Fact]
    public async Task The_names_of_episodes_are_told_and_of_one_that_is_gone_none()
    {
        var row = await Rows.ClaimAsync(store, instanceId: "named");

        (await _listing.NamesAsync([row.EpisodeId, long.MaxValue], Cancel)).ShouldBe([new(row.EpisodeId, "named")]);
        (await _listing.NamesAsync([], Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_newest_of_a_name_is_found_and_an_older_one_by_its_episode()
    {
        var first = await Rows.ClaimAsync(store);
        await store.Get<InstanceDirectory>().EndAsync(first.EpisodeId, first.Epoch, InstanceState.Released, "was released", 9, Cancel);
        var second = await Rows.ClaimAsync(store, first.Tenant);

        (await _listing.FindAsync(first.Tenant, "i", episodeId: null, Cancel))!.EpisodeId.ShouldBe(second.EpisodeId);
        (await _listing.FindAsync(first.Tenant, "i", first.EpisodeId, Cancel))!.State.ShouldBe(InstanceState.Released);
        (await _listing.FindAsync(first.Tenant, "j", first.EpisodeId, Cancel)).ShouldBeNull();
        (await _listing.FindAsync(Rows.NewCaller(), "i", first.EpisodeId, Cancel)).ShouldBeNull();
    }
}
