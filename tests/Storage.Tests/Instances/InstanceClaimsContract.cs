using System.Text.Json;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Instances;

public abstract class InstanceClaimsContract(StoreFixture store)
{
    private readonly InstanceDirectory _instances = store.Get<InstanceDirectory>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claim_is_stored_with_all_that_it_has()
    {
        var row = new Instance
        {
            Tenant = Rows.NewCaller(),
            InstanceId = "it's Ü",
            EnvType = "bfcl",
            TaskId = "t\"1",
            Params = [0, 255, 123],
            SandboxId = "s",
            State = InstanceState.Creating,
            Owner = "w",
            Epoch = 3,
            Attempts = 2,
            NextStep = 1,
            MaxSteps = 7,
            ImageDigest = "sha256:1",
            CreatedAt = 11,
            LastUsedAt = 12,
        };

        (await _instances.ClaimAsync(row, Cancel)).ShouldBeNull();

        var stored = (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!;
        JsonSerializer.Serialize(stored).ShouldBe(JsonSerializer.Serialize(row));
        row.EpisodeId.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_a_claim_leaves_out_is_stored_as_nothing()
    {
        var row = Rows.NewInstance(Rows.NewCaller(), owner: null);

        (await _instances.ClaimNewAsync(row, "c", Cancel)).ShouldBeTrue();

        JsonSerializer.Serialize(await _instances.FindLivingAsync(row.Tenant, "i", Cancel)).ShouldBe(JsonSerializer.Serialize(row));
    }

    [Fact]
    public async Task A_claim_is_refused_where_its_Create_has_an_end_or_its_name_lives()
    {
        var tenant = Rows.NewCaller();
        await store.Get<EpisodeJournal>().AppendAsync(Rows.Alone(tenant, "ended"), Cancel);
        await Rows.ClaimAsync(store, tenant, "lives");
        var (ended, living, neither, foreign) = (Rows.NewInstance(tenant, "a"), Rows.NewInstance(tenant, "lives"), Rows.NewInstance(tenant, "b"), Rows.NewInstance(Rows.NewCaller(), "lives"));

        var claimed = await Task.WhenAll(
            _instances.ClaimNewAsync(ended, "ended", Cancel),
            _instances.ClaimNewAsync(living, "new", Cancel),
            _instances.ClaimNewAsync(neither, "new as well", Cancel),
            _instances.ClaimNewAsync(foreign, "ended", Cancel));

        claimed.ShouldBe([false, false, true, true]);
        (ended.EpisodeId, living.EpisodeId).ShouldBe((0, 0));
        (await _instances.FindLivingAsync(tenant, "a", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Hundreds_of_claims_at_once_get_keys_of_their_own()
    {
        var tenant = Rows.NewCaller();
        var rows = Enumerable.Range(0, 300).Select(index => Rows.NewInstance(tenant, $"i{index}")).ToList();

        var claimed = await Task.WhenAll(rows.Select(row => _instances.ClaimNewAsync(row, $"c-{row.InstanceId}", Cancel)));

        claimed.ShouldAllBe(inserted => inserted);
        rows.Select(row => row.EpisodeId).Distinct().Count().ShouldBe(300);
        foreach (var row in rows.Take(20)) (await _instances.FindLivingAsync(tenant, row.InstanceId, Cancel))!.EpisodeId.ShouldBe(row.EpisodeId);
    }

    [Fact]
    public async Task A_row_that_cannot_be_written_fails_alone()
    {
        var tenant = Rows.NewCaller();
        var rows = Enumerable.Range(0, 20).Select(index => Rows.NewInstance(tenant, $"i{index}")).ToList();
        rows[7].EnvType = null!;

        var claims = rows.ConvertAll(row => _instances.ClaimNewAsync(row, $"c-{row.InstanceId}", Cancel));

        await Should.ThrowAsync<System.Data.Common.DbException>(claims[7]);
        claims.RemoveAt(7);
        (await Task.WhenAll(claims)).ShouldAllBe(inserted => inserted);
    }

    [Fact]
    public async Task A_claim_that_was_given_up_is_not_inserted()
    {
        var row = Rows.NewInstance(Rows.NewCaller());

        await Should.ThrowAsync<OperationCanceledException>(() => _instances.ClaimNewAsync(row, "c", new CancellationToken(canceled: true)));

        (await _instances.FindLivingAsync(row.Tenant, "i", Cancel)).ShouldBeNull();
    }
}
