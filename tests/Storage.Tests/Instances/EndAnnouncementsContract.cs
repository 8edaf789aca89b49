using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Instances;

/// <summary>Each end of an instance is announced, whichever statement ended it. Tests share a database: each looks for its own tenant's.</summary>
public abstract class EndAnnouncementsContract(StoreFixture store)
{
    private readonly EndAnnouncements _ends = store.Get<EndAnnouncements>();
    private readonly string _tenant = Rows.NewCaller();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_ends_an_instance_its_end_is_announced_once()
    {
        var released = await Rows.ClaimAsync(store, _tenant, "released");
        await Rows.ClaimAsync(store, Rows.NewInstance(_tenant, "lives", lastUsedAt: await store.NowAsync()));
        var lost = await Rows.ClaimAsync(store, _tenant, "lost");
        var unused = await Rows.ClaimAsync(store, Rows.NewInstance(_tenant, "unused", owner: "nobody"));
        (await store.Get<EpisodeJournal>().AppendAsync(Rows.Release(released, 1), Cancel)).ShouldBe(JournalVerdict.Committed);
        (await store.Get<InstanceDirectory>().EndAsync(lost.EpisodeId, lost.Epoch, InstanceState.Lost, "its container died", now: 88, Cancel)).ShouldBeTrue();
        await store.Get<OwnerlessInstances>().ReleaseUnusedAsync(TimeSpan.FromHours(1), "unused", Cancel);

        var announced = await AnnouncedAsync();

        announced.Select(end => (end.EpisodeId, end.InstanceId, end.State, end.Detail)).ShouldBe(
            [
                (released.EpisodeId, "released", InstanceState.Released, "was released"),
                (lost.EpisodeId, "lost", InstanceState.Lost, "its container died"),
                (unused.EpisodeId, "unused", InstanceState.Released, "unused"),
            ],
            ignoreOrder: true);
        (await AnnouncedAsync()).ShouldBeEmpty("each was announced already");
    }

    [Fact]
    public async Task What_could_not_be_announced_is_announced_later()
    {
        var lost = await Rows.ClaimAsync(store, _tenant);
        await store.Get<InstanceDirectory>().EndAsync(lost.EpisodeId, lost.Epoch, InstanceState.Lost, "why", now: 88, Cancel);

        await Should.ThrowAsync<IOException>(() => _ends.AnnounceAsync((_, _) => throw new IOException("the broker is away"), Cancel));

        (await AnnouncedAsync()).ShouldHaveSingleItem().EpisodeId.ShouldBe(lost.EpisodeId);
    }

    /// <summary>Announces all there is.</summary>
    /// <returns>What there was of this test's.</returns>
    private async Task<List<EndedInstance>> AnnouncedAsync()
    {
        var announced = new List<EndedInstance>();
        while (await _ends.AnnounceAsync((ended, _) =>
        {
            announced.AddRange(ended.Where(end => end.Tenant == _tenant));
            return Task.CompletedTask;
        }, Cancel) > 0)
        {
        }

        return announced;
    }
}
