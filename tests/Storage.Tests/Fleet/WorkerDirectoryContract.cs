using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Fleet;

public abstract class WorkerDirectoryContract(StoreFixture store)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    private readonly WorkerDirectory _workers = store.Get<WorkerDirectory>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_registered_worker_lives_and_is_listed_as_it_registered()
    {
        var worker = NewWorker();
        (worker.Host, worker.Version, worker.Environments, worker.Room, worker.StartedAt) = ("host", "1.2.3", """[{"env_type":"bfcl"}]""", 7, store.Now);
        await _workers.RegisterAsync(worker, Cancel);

        (await _workers.IsLivingAsync(worker.Name, Cancel)).ShouldBeTrue();
        (await FindAsync(worker.Name)).ShouldBeEquivalentTo(worker);
    }

    [Fact]
    public async Task A_renewal_lengthens_the_lease_and_tells_the_room()
    {
        var name = await RegisterAsync();
        store.Time.Advance(Lease - TimeSpan.FromMilliseconds(1));

        (await _workers.RenewAsync(name, Lease, room: 3, Cancel)).ShouldBeTrue();
        store.Time.Advance(Lease - TimeSpan.FromMilliseconds(1));

        (await FindAsync(name))!.Room.ShouldBe(3);
    }

    [Fact]
    public async Task An_ended_lease_is_never_renewed()
    {
        var name = await RegisterAsync();
        store.Time.Advance(Lease);

        (await _workers.IsLivingAsync(name, Cancel)).ShouldBeFalse();
        (await _workers.RenewAsync(name, Lease, room: 3, Cancel)).ShouldBeFalse();
        (await _workers.IsLivingAsync(name, Cancel)).ShouldBeFalse();
        (await FindAsync(name)).ShouldBeNull();
    }

    [Fact]
    public async Task A_worker_that_leaves_lives_no_more_and_cannot_come_back()
    {
        var name = await RegisterAsync();
        var neighbour = await RegisterAsync();

        await _workers.LeaveAsync(name, Cancel);

        (await _workers.IsLivingAsync(name, Cancel)).ShouldBeFalse();
        (await _workers.RenewAsync(name, Lease, room: 3, Cancel)).ShouldBeFalse();
        (await _workers.IsLivingAsync(neighbour, Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_worker_nobody_knows_does_not_live_and_renews_nothing()
    {
        (await _workers.IsLivingAsync("nobody", Cancel)).ShouldBeFalse();
        (await _workers.RenewAsync("nobody", Lease, room: 3, Cancel)).ShouldBeFalse();
    }

    private async Task<string> RegisterAsync()
    {
        var worker = NewWorker();
        await _workers.RegisterAsync(worker, Cancel);
        return worker.Name;
    }

    private Worker NewWorker() => new()
    {
        Name = Guid.NewGuid().ToString("n"),
        Host = "h",
        Version = "1",
        Environments = "[]",
        LeaseUntil = store.Now + (long)Lease.TotalMilliseconds,
    };

    private async Task<Worker?> FindAsync(string name) => (await _workers.ListLivingAsync(Cancel)).Find(worker => worker.Name == name);
}
