using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Instances;

public abstract class ParkingContract(StoreFixture store)
{
    private readonly InstanceDirectory _instances = store.Get<InstanceDirectory>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_are_parked_at_once_and_those_of_another_owner_or_ended_are_left()
    {
        var tenant = Rows.NewCaller();
        var rows = await Task.WhenAll(Enumerable.Range(0, 1_200).Select(index => Rows.ClaimAsync(store, tenant, $"i{index}")));
        var known = rows.Select((row, index) => new ParkedInstance(row.EpisodeId, row.Epoch, 1_000 + index)).ToList();
        (await _instances.TakeOverAsync(rows[3], "worker-b", Cancel)).ShouldBeTrue();
        (await _instances.EndAsync(rows[700].EpisodeId, rows[700].Epoch, InstanceState.Released, "was released", 9, Cancel)).ShouldBeTrue();

        var parked = await _instances.ParkAsync(known, Cancel);

        parked.ShouldBe(1_198);
        var one = (await _instances.FindLivingAsync(tenant, "i1199", Cancel))!;
        (one.Owner, one.State, one.LastUsedAt, one.Epoch).ShouldBe((null, InstanceState.Parked, 2_199, 1));
        (await _instances.FindLivingAsync(tenant, "i3", Cancel))!.Owner.ShouldBe("worker-b");
        (await _instances.FindNewestAsync(tenant, "i700", Cancel))!.State.ShouldBe(InstanceState.Released);
        (await _instances.ParkAsync([], Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task What_ran_on_a_parked_instance_is_recorded_until_it_is_taken_over()
    {
        var row = await Rows.ClaimAsync(store);
        await _instances.ParkAsync([new ParkedInstance(row.EpisodeId, row.Epoch, 5)], Cancel);
        (await store.Get<EpisodeJournal>().AppendAsync(Rows.Step(row, 1), Cancel)).ShouldBe(JournalVerdict.Committed);

        var parked = (await _instances.FindLivingAsync(row.Tenant, row.InstanceId, Cancel))!;
        (await _instances.TakeOverAsync(parked, "worker-b", Cancel)).ShouldBeTrue();

        (await store.Get<EpisodeJournal>().AppendAsync(Rows.Step(row, 2), Cancel)).ShouldBe(JournalVerdict.Stale);
        parked.NextStep.ShouldBe(2);
    }
}
