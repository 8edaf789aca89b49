using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

public abstract class EpisodeImportsContract(StoreFixture store)
{
    private readonly EpisodeImports _imports = store.Get<EpisodeImports>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_episode_is_stored_with_its_entries_in_order_and_once()
    {
        var tenant = Rows.NewCaller();

        var (episode, isNew) = await _imports.StoreAsync(Ended(tenant), Entries(tenant), Cancel);

        isNew.ShouldBeTrue();
        (await _imports.StoreAsync(Ended(tenant), Entries(tenant), Cancel)).ShouldBe((episode, false));
        (await store.Get<EpisodeReader>().ReadEpisodeAsync(episode, Cancel)).Select(entry => (entry.Kind, entry.Step))
            .ShouldBe([(JournalKind.Create, 0), (JournalKind.Step, 1), (JournalKind.Evaluate, null)]);
        var head = (await store.Get<EpisodeExports>().ListAsync(new EpisodeFilter(tenant), 0, 10, Cancel)).ShouldHaveSingleItem();
        (head.EpisodeId, head.InstanceId, head.Reward, head.EndedAt).ShouldBe((episode, "imported", 0.5, 77));
    }

    [Fact]
    public async Task Its_bytes_count_as_the_tenants()
    {
        var tenant = Rows.NewCaller();
        var entries = Entries(tenant);
        (entries[0].Answer, entries[1].Action, entries[1].Params, entries[2].Answer) = (new byte[100], new byte[20], new byte[3], new byte[1000]);

        await _imports.StoreAsync(Ended(tenant), entries, Cancel);

        (await store.Get<InstanceDirectory>().SumJournalBytesAsync(tenant, Cancel)).ShouldBe(1123);
    }

    [Fact]
    public async Task The_same_name_of_another_tenant_is_another_episode()
    {
        var (one, two) = (Rows.NewCaller(), Rows.NewCaller());
        var (first, _) = await _imports.StoreAsync(Ended(one), Entries(one), Cancel);
        var (second, isNew) = await _imports.StoreAsync(Ended(two), Entries(two), Cancel);
        (isNew, second == first).ShouldBe((true, false));
    }

    [Fact]
    public async Task An_episode_of_which_one_entry_cannot_be_stored_is_not_stored_at_all()
    {
        var tenant = Rows.NewCaller();
        var entries = Entries(tenant);
        store.MakeUnwritable(entries[2]);

        await Should.ThrowAsync<Exception>(_imports.StoreAsync(Ended(tenant), entries, Cancel));

        (await store.Get<EpisodeExports>().ListAsync(new EpisodeFilter(tenant), 0, 10, Cancel)).ShouldBeEmpty();
        (await _imports.StoreAsync(Ended(tenant), Entries(tenant), Cancel)).IsNew.ShouldBeTrue();
    }

    [Fact]
    public async Task What_lives_is_refused()
    {
        var living = Ended(Rows.NewCaller());
        living.EndedAt = null;
        await Should.ThrowAsync<ArgumentException>(_imports.StoreAsync(living, [], Cancel));
    }

    private static Instance Ended(string tenant)
    {
        var row = Rows.NewInstance(tenant, "imported", owner: null);
        (row.State, row.EndedAt, row.NextStep) = (InstanceState.Released, 77, 2);
        return row;
    }

    private static List<JournalEntry> Entries(string tenant) =>
        [Entry(tenant, JournalKind.Create, step: 0), Entry(tenant, JournalKind.Step, step: 1), Entry(tenant, JournalKind.Evaluate, step: null)];

    private static JournalEntry Entry(string tenant, JournalKind kind, int? step) => new()
    {
        Tenant = tenant, CommandId = $"imported:{kind}", Kind = kind, Step = step, End = CommandEnd.Completed, Reward = kind == JournalKind.Evaluate ? 0.5 : null, Worker = EpisodeImports.Worker,
    };
}
