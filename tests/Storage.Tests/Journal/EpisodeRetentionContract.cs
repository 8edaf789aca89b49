using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

public abstract class EpisodeRetentionContract(StoreFixture store)
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    /// <summary>An episode that ended so long ago is removed, whatever else is in its partition.</summary>
    private readonly TimeSpan _longest = Age + store.Get<IJournalPartitions>().Grace(Age);

    private readonly EpisodeReader _reader = store.Get<EpisodeReader>();
    private readonly InstanceDirectory _instances = store.Get<InstanceDirectory>();
    private readonly EpisodeJournal _journal = store.Get<EpisodeJournal>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Episodes_that_ended_longAgo_are_removed_and_no_others()
    {
        var longAgo = await store.NowAsync() - (long)_longest.TotalMilliseconds - 1_000;
        var old = await EndedAsync(longAgo);
        var recent = await EndedAsync(longAgo + 60_000);
        var living = await Rows.ClaimAsync(store);
        await _journal.AppendAsync(Rows.Step(living, 1), Cancel);

        (await store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel)).ShouldBe(1);

        (await _reader.ReadEpisodeAsync(old.EpisodeId, Cancel)).ShouldBeEmpty();
        (await _instances.FindNewestAsync(old.Tenant, old.InstanceId, Cancel)).ShouldBeNull();
        (await _reader.ReadEpisodeAsync(recent.EpisodeId, Cancel)).Count.ShouldBe(1);
        (await _reader.ReadEpisodeAsync(living.EpisodeId, Cancel)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_than_a_batch_is_removed_in_one_go()
    {
        var longAgo = await store.NowAsync() - (long)_longest.TotalMilliseconds - 1_000;
        for (var index = 0; index < 120; index++) await EndedAsync(longAgo);

        (await store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel)).ShouldBeGreaterThanOrEqualTo(120);
        (await store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Old_ends_of_commands_that_reached_no_instance_go_too()
    {
        var tenant = Rows.NewCaller();
        var (old, recent) = (Rows.Alone(tenant, "old"), Rows.Alone(tenant, "recent"));
        old.Entry.RecordedAt = await store.NowAsync() - (long)Age.TotalMilliseconds - 1_000;
        recent.Entry.RecordedAt = await store.NowAsync();
        await _journal.AppendAsync(old, Cancel);
        await _journal.AppendAsync(recent, Cancel);

        await store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel);

        (await _reader.FindCommandAsync(tenant, "old", Cancel)).ShouldBeNull();
        (await _reader.FindCommandAsync(tenant, "recent", Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_keeps_a_partition_from_being_removed_keeps_no_rows()
    {
        var old = await EndedAsync(await store.NowAsync() - (long)Age.TotalMilliseconds - 1_000);
        var retention = new EpisodeRetention(store.Get<IContextSource>(), new BrokenPartitions(), store.Get<IScanLock>());

        await Should.ThrowAsync<TimeoutException>(() => retention.RemoveAsync(Age, Cancel));

        (await _reader.ReadEpisodeAsync(old.EpisodeId, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_kept_for_ever_is_not_removed()
    {
        var old = await EndedAsync(at: 1);

        (await store.Get<EpisodeRetention>().RemoveAsync(TimeSpan.MaxValue, Cancel)).ShouldBe(0);

        (await _reader.ReadEpisodeAsync(old.EpisodeId, Cancel)).Count.ShouldBe(1);
        (await store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel)).ShouldBe(1);
    }

    private async Task<Instance> EndedAsync(long at)
    {
        var row = await Rows.ClaimAsync(store);
        await _journal.AppendAsync(Rows.Step(row, 1), Cancel);
        (await _instances.EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "was released", at, Cancel)).ShouldBeTrue();
        return row;
    }

    private sealed class BrokenPartitions : IJournalPartitions
    {
        public TimeSpan Grace(TimeSpan age) => TimeSpan.Zero;

        public Task<Rotation> RotateAsync(TimeSpan age, CancellationToken cancellationToken) => throw new TimeoutException("the statement took too long");
    }
}
