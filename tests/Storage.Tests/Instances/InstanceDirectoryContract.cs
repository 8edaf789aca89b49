using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Instances;

public abstract class InstanceDirectoryContract(StoreFixture store)
{
    private readonly InstanceDirectory _instances = store.Get<InstanceDirectory>();
    private readonly OwnerlessInstances _ownerless = store.Get<OwnerlessInstances>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_twenty_claims_of_one_name_one_makes_the_instance_and_the_others_learn_of_it()
    {
        var tenant = Rows.NewCaller();
        var rows = Enumerable.Range(0, 20).Select(index => Rows.NewInstance(tenant, owner: $"worker-{index}")).ToList();

        var found = await Task.WhenAll(rows.Select(row => Task.Run(() => _instances.ClaimAsync(row, Cancel))));

        var winner = rows[Array.FindIndex(found, living => living is null)];
        found.Count(living => living is null).ShouldBe(1);
        winner.EpisodeId.ShouldBeGreaterThan(0);
        foreach (var (row, living) in rows.Zip(found).Where(claim => claim.Second is not null))
        {
            (living!.EpisodeId, living.Owner).ShouldBe((winner.EpisodeId, winner.Owner));
            row.EpisodeId.ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_name_is_free_again_when_its_instance_has_ended()
    {
        var first = await Rows.ClaimAsync(store);
        (await _instances.EndAsync(first.EpisodeId, first.Epoch, InstanceState.Released, "was released", 9, Cancel)).ShouldBeTrue();

        var second = await Rows.ClaimAsync(store, first.Tenant);

        second.EpisodeId.ShouldBeGreaterThan(first.EpisodeId);
        (await _instances.FindLivingAsync(first.Tenant, "i", Cancel))!.EpisodeId.ShouldBe(second.EpisodeId);
        (await _instances.FindNewestAsync(first.Tenant, "i", Cancel))!.EpisodeId.ShouldBe(second.EpisodeId);
    }

    [Fact]
    public async Task Callers_and_letter_case_are_kept_apart()
    {
        var mine = await Rows.ClaimAsync(store, instanceId: "name");
        await Rows.ClaimAsync(store, mine.Tenant, "NAME");
        await Rows.ClaimAsync(store, instanceId: "name");

        (await _instances.FindLivingAsync(mine.Tenant, "name", Cancel))!.EpisodeId.ShouldBe(mine.EpisodeId);
        (await _instances.FindLivingAsync(mine.Tenant, "Name", Cancel)).ShouldBeNull();
        (await _instances.FindNewestAsync(Rows.NewCaller(), "name", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task An_episode_is_found_by_its_number_by_its_tenant_alone_living_or_ended_and_with_its_parent()
    {
        var forked = Rows.NewInstance(Rows.NewCaller());
        (forked.ParentEpisode, forked.ParentStep) = (long.MaxValue, 3);
        var row = await Rows.ClaimAsync(store, forked);
        var plain = await Rows.ClaimAsync(store);

        await _instances.EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "was released", 9, Cancel);

        var found = (await _instances.FindEpisodeAsync(row.Tenant, row.EpisodeId, Cancel)).ShouldNotBeNull();
        (found.InstanceId, found.State, found.ParentEpisode, found.ParentStep).ShouldBe((row.InstanceId, InstanceState.Released, long.MaxValue, 3));
        (await _instances.FindEpisodeAsync(plain.Tenant, plain.EpisodeId, Cancel))!.ParentEpisode.ShouldBeNull();
        (await _instances.FindEpisodeAsync(plain.Tenant, row.EpisodeId, Cancel)).ShouldBeNull();
        (await _instances.FindEpisodeAsync(row.Tenant, long.MaxValue, Cancel)).ShouldBeNull();
        var summary = (await store.Get<InstanceListing>().FindAsync(row.Tenant, row.InstanceId, row.EpisodeId, Cancel))!;
        (summary.ParentEpisode, summary.ParentStep).ShouldBe((long.MaxValue, 3));
    }

    [Fact]
    public async Task An_ended_instance_is_found_as_the_newest_only()
    {
        var row = await Rows.ClaimAsync(store);
        await _instances.EndAsync(row.EpisodeId, row.Epoch, InstanceState.Lost, "was lost", 9, Cancel);

        (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel)).ShouldBeNull();
        var newest = (await _instances.FindNewestAsync(row.Tenant, row.InstanceId, Cancel))!;
        (newest.State, newest.EndDetail, newest.EndedAt).ShouldBe((InstanceState.Lost, "was lost", 9));
    }

    [Fact]
    public async Task An_instance_ends_once_and_only_under_its_epoch()
    {
        var row = await Rows.ClaimAsync(store);

        (await _instances.EndAsync(row.EpisodeId, row.Epoch + 1, InstanceState.Lost, "wrong epoch", 1, Cancel)).ShouldBeFalse();
        (await _instances.EndAsync(row.EpisodeId, row.Epoch, InstanceState.Lost, "first", 2, Cancel)).ShouldBeTrue();
        (await _instances.EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "second", 3, Cancel)).ShouldBeFalse();

        (await _instances.FindNewestAsync(row.Tenant, row.InstanceId, Cancel))!.EndDetail.ShouldBe("first");
    }

    [Fact]
    public async Task Of_twenty_takeovers_one_wins_and_raises_the_epoch_by_one()
    {
        var row = await Rows.ClaimAsync(store);
        var copies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel)));

        var taken = await Task.WhenAll(copies.Select((copy, index) => Task.Run(() => _instances.TakeOverAsync(copy!, $"taker-{index}", Cancel))));

        taken.Count(won => won).ShouldBe(1);
        var winner = Array.IndexOf(taken, true);
        var stored = (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!;
        (stored.Owner, stored.Epoch).ShouldBe(($"taker-{winner}", row.Epoch + 1));
        (copies[winner]!.Owner, copies[winner]!.Epoch).ShouldBe((stored.Owner, stored.Epoch));
    }

    [Fact]
    public async Task A_takeover_learns_what_the_owner_before_it_committed_last()
    {
        var row = await Rows.ClaimAsync(store);
        var known = (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!;
        var step = Rows.Step(row, 1);
        await store.Get<Storage.Journal.EpisodeJournal>().AppendAsync(step with { Progress = step.Progress! with { EndReason = "goal" } }, Cancel);

        (await _instances.TakeOverAsync(known, "worker-b", Cancel)).ShouldBeTrue();

        (known.NextStep, known.EndReason, known.Owner, known.Epoch).ShouldBe((2, "goal", "worker-b", 2));
    }

    [Fact]
    public async Task An_ended_instance_is_not_taken_over()
    {
        var row = await Rows.ClaimAsync(store);
        await _instances.EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "was released", 9, Cancel);

        (await _instances.TakeOverAsync(row, "worker-b", Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task What_lives_in_a_sandbox_is_found_in_the_order_it_was_made()
    {
        var tenant = Rows.NewCaller();
        foreach (var (name, sandbox) in ((string, string?)[])[("c", "box"), ("a", "box"), ("b", "box"), ("elsewhere", "other"), ("nowhere", null)])
        {
            var row = Rows.NewInstance(tenant, name);
            row.SandboxId = sandbox;
            (await _instances.ClaimAsync(row, Cancel)).ShouldBeNull();
        }

        var stranger = Rows.NewInstance(Rows.NewCaller());
        stranger.SandboxId = "box";
        await _instances.ClaimAsync(stranger, Cancel);
        var ended = (await _instances.FindLivingAsync(tenant, "a", Cancel))!;
        await _instances.EndAsync(ended.EpisodeId, ended.Epoch, InstanceState.Released, "was released", 9, Cancel);

        (await _instances.FindBySandboxAsync(tenant, "box", Cancel)).ShouldBe(["c", "b"]);
    }

    [Fact]
    public async Task Only_old_instances_without_a_living_owner_are_released_as_ownerless()
    {
        var tenant = Rows.NewCaller();
        await RegisterAsync("sweep-dead");
        await store.PassAsync(TimeSpan.FromSeconds(11));
        await RegisterAsync("sweep-living");
        var now = await store.NowAsync();
        foreach (var (name, owner, lastUsed) in ((string, string?, long)[])
        [
            ("old-of-the-living", "sweep-living", now - 120_000),
            ("old-of-the-dead", "sweep-dead", now - 120_000),
            ("old-of-a-stranger", "sweep-never-registered", now - 120_000),
            ("old-of-nobody", null, now - 120_000),
            ("new-of-the-dead", "sweep-dead", now - 500),
        ])
        {
            (await _instances.ClaimAsync(Rows.NewInstance(tenant, name, owner, lastUsed), Cancel)).ShouldBeNull();
        }

        // Instances of the other tests of this class were last used at 0 and have owners that nobody registered.
        (await _ownerless.ReleaseUnusedAsync(TimeSpan.FromMinutes(1), "was idle", Cancel)).ShouldBeGreaterThanOrEqualTo(3);
        (await _ownerless.ReleaseUnusedAsync(TimeSpan.FromMinutes(1), "was idle", Cancel)).ShouldBe(0);

        foreach (var name in (string[])["old-of-the-living", "new-of-the-dead"]) (await _instances.FindLivingAsync(tenant, name, Cancel)).ShouldNotBeNull(name);
        foreach (var name in (string[])["old-of-the-dead", "old-of-a-stranger", "old-of-nobody"])
        {
            var released = (await _instances.FindNewestAsync(tenant, name, Cancel))!;
            (released.State, released.EndDetail).ShouldBe((InstanceState.Released, "was idle"), name);
            released.EndedAt!.Value.ShouldBeInRange(now, now + 60_000);
        }
    }

    [Fact]
    public async Task Living_instances_are_counted()
    {
        var before = await _instances.CountLivingAsync(Cancel);
        var row = await Rows.ClaimAsync(store);
        await Rows.ClaimAsync(store);
        (await _instances.CountLivingAsync(Cancel)).ShouldBe(before + 2);
        await _instances.EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "was released", 9, Cancel);
        (await _instances.CountLivingAsync(Cancel)).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Takeovers_are_counted_until_the_episode_moves_on()
    {
        var row = await Rows.ClaimAsync(store);
        await _instances.TakeOverAsync(row, "worker-b", Cancel);
        await _instances.TakeOverAsync(row, "worker-c", Cancel);
        (row.Epoch, row.Attempts).ShouldBe((3, 2));

        await store.Get<Storage.Journal.EpisodeJournal>().AppendAsync(Rows.Step(row, 1), Cancel);

        (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!.Attempts.ShouldBe(0);
    }

    [Fact]
    public async Task A_worker_that_takes_its_own_instance_again_counts_no_attempt()
    {
        var row = await Rows.ClaimAsync(store);
        await _instances.TakeOverAsync(row, "worker-b", Cancel);

        (await _instances.TakeOverAsync(row, "worker-b", Cancel)).ShouldBeTrue();

        (row.Epoch, row.Attempts).ShouldBe((3, 1));
    }

    private Task RegisterAsync(string name) => store.Get<WorkerDirectory>().RegisterAsync(
        new Worker { Name = name, Host = "h", Version = "1", Environments = "[]" }, TimeSpan.FromSeconds(10), Cancel);

    [Fact]
    public async Task A_parked_instance_belongs_to_nobody_and_its_next_owner_counts_no_attempt()
    {
        var row = await Rows.ClaimAsync(store);

        (await _instances.ParkAsync([new ParkedInstance(row.EpisodeId, row.Epoch + 1, 1)], Cancel)).ShouldBe(0);
        (await _instances.ParkAsync([new ParkedInstance(row.EpisodeId, row.Epoch, 4711)], Cancel)).ShouldBe(1);

        var left = (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!;
        (left.Owner, left.State, left.LastUsedAt).ShouldBe((null, InstanceState.Parked, 4711));
        (await _instances.TakeOverAsync(left, "worker-b", Cancel)).ShouldBeTrue();
        (left.Owner, left.State, left.Attempts, left.Epoch).ShouldBe(("worker-b", InstanceState.Live, 0, row.Epoch + 1));
    }

    [Fact]
    public async Task Those_a_worker_hands_over_are_nobodys_and_those_of_others_stay()
    {
        var tenant = Rows.NewCaller();
        var rows = new List<Instance>();
        foreach (var (name, owner) in ((string, string)[])[("given", "a"), ("kept", "a"), ("foreign", "b")])
        {
            var row = Rows.NewInstance(tenant, name, $"{tenant}-{owner}");
            await _instances.ClaimAsync(row, Cancel);
            rows.Add(row);
        }

        (await _instances.DisownAsync($"{tenant}-a", [rows[0].EpisodeId, rows[2].EpisodeId], Cancel)).ShouldBe(1);

        var owners = new List<string?>();
        foreach (var row in rows) owners.Add((await _instances.FindLivingAsync(tenant, row.InstanceId, Cancel))!.Owner);
        owners.ShouldBe([null, $"{tenant}-a", $"{tenant}-b"]);
    }

    [Fact]
    public async Task The_image_an_instance_was_made_on_is_recorded()
    {
        var row = Rows.NewInstance(Rows.NewCaller(), "i", "worker-a");
        row.ImageDigest = "sha256:0";
        await _instances.ClaimAsync(row, Cancel);
        (await _instances.FindLivingAsync(row.Tenant, "i", Cancel))!.ImageDigest.ShouldBe("sha256:0");

        await _instances.MadeOnAsync(row.EpisodeId, row.Epoch + 1, "sha256:2", Cancel);
        await _instances.MadeOnAsync(row.EpisodeId, row.Epoch, "sha256:1", Cancel);

        (await _instances.FindLivingAsync(row.Tenant, "i", Cancel))!.ImageDigest.ShouldBe("sha256:1");
    }

    [Fact]
    public async Task A_rebuild_is_counted_under_its_epoch_only()
    {
        var row = await Rows.ClaimAsync(store);
        await _instances.RecoveredAsync(row.EpisodeId, row.Epoch + 1, 5, Cancel);
        await _instances.RecoveredAsync(row.EpisodeId, row.Epoch, 7, Cancel);

        var stored = (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!;
        (stored.Recoveries, stored.RecoveredAt).ShouldBe((1, 7));
    }

    [Fact]
    public async Task A_worker_leaves_all_that_can_be_replayed_at_once()
    {
        var tenant = Rows.NewCaller();
        var rows = new List<Instance>();
        foreach (var (name, owner, environment) in ((string, string, string)[])[("a", tenant, "countdown"), ("b", tenant, "fixed"), ("c", "another", "countdown")])
        {
            var row = Rows.NewInstance(tenant, name, owner);
            row.EnvType = environment;
            await _instances.ClaimAsync(row, Cancel);
            rows.Add(row);
        }

        (await _instances.DisownAllAsync(tenant, ["countdown", "frozenlake"], Cancel)).ShouldBe(1);

        var owners = new List<string?>();
        foreach (var row in rows) owners.Add((await _instances.FindLivingAsync(tenant, row.InstanceId, Cancel))!.Owner);
        owners.ShouldBe([null, tenant, "another"]);
    }
}
