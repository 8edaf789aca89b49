using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Fleet;

/// <summary>When a worker that receives nothing has to give its lease up.</summary>
public abstract class StalledWorkerContract(StoreFixture store)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = Lease / 3;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly WorkerDirectory _workers = store.Get<WorkerDirectory>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_worker_that_receives_nothing_for_30_s_while_another_receives_is_not_renewed()
    {
        var (cut, other) = (await RegisterAsync(), await RegisterAsync());
        for (var silence = Interval; silence <= Limit; silence += Interval)
        {
            await store.PassAsync(Interval);
            (await RenewAsync(other)).ShouldBe(LeaseVerdict.Renewed);
            (await RenewAsync(cut, silence)).ShouldBe(LeaseVerdict.Renewed, $"{silence} is not long");
        }

        await store.PassAsync(Interval);
        (await RenewAsync(other)).ShouldBe(LeaseVerdict.Renewed);

        (await RenewAsync(cut, Limit + Interval)).ShouldBe(LeaseVerdict.Stalled);
        (await _workers.FindLivingAsync(cut, Cancel)).ShouldNotBeNull("it ends its lease itself, once it sends no more replies");
    }

    [Fact]
    public async Task A_worker_that_nobody_can_replace_is_renewed()
    {
        await store.PassAsync(TimeSpan.FromHours(1));
        var (cut, dead) = (await RegisterAsync(), await RegisterAsync());
        for (var silence = Interval; silence <= 10 * Limit; silence += Interval)
        {
            await store.PassAsync(Interval);
            if (silence == Interval) await RenewAsync(dead);
            (await RenewAsync(cut, silence)).ShouldBe(LeaseVerdict.Renewed, $"after {silence}");
        }
    }

    [Fact]
    public async Task An_outage_for_all_moves_nothing_until_one_of_them_is_back_for_long()
    {
        await store.PassAsync(TimeSpan.FromHours(1));
        var (late, first) = (await RegisterAsync(), await RegisterAsync());
        var silence = TimeSpan.Zero;
        for (; silence < 3 * Limit; silence += Interval)
        {
            (await RenewAsync(late, silence)).ShouldBe(LeaseVerdict.Renewed, $"after {silence}");
            (await RenewAsync(first, silence)).ShouldBe(LeaseVerdict.Renewed, $"after {silence}");
            await store.PassAsync(Interval);
        }

        for (var back = TimeSpan.Zero; back < Limit; back += Interval, silence += Interval)
        {
            (await RenewAsync(first)).ShouldBe(LeaseVerdict.Renewed);
            (await RenewAsync(late, silence)).ShouldBe(LeaseVerdict.Renewed, $"the other is back for {back}");
            await store.PassAsync(Interval);
        }

        (await RenewAsync(first)).ShouldBe(LeaseVerdict.Renewed);
        (await RenewAsync(late, silence)).ShouldBe(LeaseVerdict.Stalled);
    }

    [Fact]
    public async Task A_worker_that_receives_again_keeps_its_lease()
    {
        var (back, other) = (await RegisterAsync(), await RegisterAsync());
        foreach (var seconds in (int[])[10, 20, 30, 0, 5, 0, 5, 0])
        {
            await store.PassAsync(Interval);
            (await RenewAsync(other)).ShouldBe(LeaseVerdict.Renewed);
            (await RenewAsync(back, TimeSpan.FromSeconds(seconds))).ShouldBe(LeaseVerdict.Renewed);
        }
    }

    private async Task<string> RegisterAsync()
    {
        var name = Guid.NewGuid().ToString("n");
        await _workers.RegisterAsync(new Worker { Name = name, Host = "h", Version = "1", Environments = "[]" }, Lease, Cancel);
        return name;
    }

    private Task<LeaseVerdict> RenewAsync(string name, TimeSpan silence = default) => _workers.RenewAsync(name, Lease, silence, [], containers: null, Cancel);
}
