using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
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
        (worker.Host, worker.Version, worker.Contract, worker.Environments, worker.FreeSlots) = ("host", "1.2.3", 4, """[{"env_type":"bfcl"}]""", 7);
        worker.Capacity = new List<EnvironmentCapacity> { new("bfcl", 7, 0) };
        await _workers.RegisterAsync(worker, Lease, Cancel);

        (await _workers.FindLivingAsync(worker.Name, Cancel)).ShouldBeEquivalentTo(worker);
        (await FindAsync(worker.Name)).ShouldBeEquivalentTo(worker);
        worker.StartedAt.ShouldBeInRange(await store.NowAsync() - 60_000, await store.NowAsync());
        worker.LeaseUntil.ShouldBe(worker.StartedAt + (long)Lease.TotalMilliseconds);
    }

    [Fact]
    public async Task A_living_worker_can_be_asked_to_leave()
    {
        var name = await RegisterAsync();
        (await _workers.IsDrainingAsync(name, Cancel)).ShouldBeFalse();

        (await _workers.DrainAsync(name, Cancel)).ShouldBeTrue();

        (await _workers.IsDrainingAsync(name, Cancel)).ShouldBeTrue();
        (await _workers.RenewAsync(name, Lease, TimeSpan.Zero, [new EnvironmentCapacity("countdown", 0, 0)], containers: null, Cancel)).ShouldBe(LeaseVerdict.Renewed, "it owns its instances until it has handed them over");
        await _workers.EndLeaseAsync(name, Cancel);
        (await _workers.DrainAsync(name, Cancel)).ShouldBeFalse();
        (await _workers.DrainAsync("nobody", Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_renewal_lengthens_the_lease_and_publishes_the_capacity_by_environment()
    {
        var name = await RegisterAsync();
        await store.PassAsync(Lease / 3 * 2);

        (await _workers.RenewAsync(name, Lease, TimeSpan.Zero, [new EnvironmentCapacity("bfcl", 3, 11), new EnvironmentCapacity("webshop", 4, 0)], containers: null, Cancel)).ShouldBe(LeaseVerdict.Renewed);
        await store.PassAsync(Lease / 3 * 2);

        var worker = (await FindAsync(name))!;
        worker.FreeSlots.ShouldBe(7);
        worker.Capacity.ShouldBe([new EnvironmentCapacity("bfcl", 3, 11), new EnvironmentCapacity("webshop", 4, 0)]);
    }

    [Fact]
    public async Task A_renewal_publishes_the_containers_and_one_that_says_nothing_of_them_leaves_them()
    {
        var (name, dead) = (await RegisterAsync(), await RegisterAsync());
        (await ContainersAsync(name)).ShouldBeEmpty("it has not renewed yet");
        List<WorkerContainer> containers = [new("c-1", "bfcl", "an/image:1", ContainerState.Running, 3, 17, 1_700_000_000_123), new("c-2", "webshop", "python3 shop.py", ContainerState.Quarantined, 1, 1, 5)];

        (await _workers.RenewAsync(name, Lease, TimeSpan.Zero, [], containers, Cancel)).ShouldBe(LeaseVerdict.Renewed);
        (await ContainersAsync(name)).ShouldBe(containers);
        (await _workers.RenewAsync(name, Lease, TimeSpan.Zero, [], containers: null, Cancel)).ShouldBe(LeaseVerdict.Renewed);
        (await ContainersAsync(name)).ShouldBe(containers);
        (await _workers.RenewAsync(name, Lease, TimeSpan.Zero, [], containers: [], Cancel)).ShouldBe(LeaseVerdict.Renewed);
        (await ContainersAsync(name)).ShouldBeEmpty();

        await _workers.EndLeaseAsync(dead, Cancel);
        (await _workers.ListContainersAsync(Cancel)).ShouldNotContain(worker => worker.Name == dead);
    }

    [Fact]
    public async Task An_ended_lease_is_never_renewed()
    {
        var name = await RegisterAsync();
        await store.PassAsync(Lease);

        (await _workers.FindLivingAsync(name, Cancel)).ShouldBeNull();
        (await _workers.RenewAsync(name, Lease, TimeSpan.Zero, [new EnvironmentCapacity("countdown", 3, 0)], containers: null, Cancel)).ShouldBe(LeaseVerdict.Ended);
        (await _workers.FindLivingAsync(name, Cancel)).ShouldBeNull();
        (await FindAsync(name)).ShouldBeNull();
    }

    [Fact]
    public async Task A_worker_that_leaves_lives_no_more_and_cannot_come_back()
    {
        var name = await RegisterAsync();
        var neighbour = await RegisterAsync();

        await _workers.EndLeaseAsync(name, Cancel);

        (await _workers.FindLivingAsync(name, Cancel)).ShouldBeNull();
        (await _workers.RenewAsync(name, Lease, TimeSpan.Zero, [new EnvironmentCapacity("countdown", 3, 0)], containers: null, Cancel)).ShouldBe(LeaseVerdict.Ended);
        (await _workers.FindLivingAsync(neighbour, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        var name = await RegisterAsync();
        await store.PassAsync(Lease);
        await Should.ThrowAsync<DbUpdateException>(_workers.RegisterAsync(NewWorker(name), Lease, Cancel));
    }

    [Fact]
    public async Task A_worker_nobody_knows_does_not_live_and_renews_nothing()
    {
        (await _workers.FindLivingAsync("nobody", Cancel)).ShouldBeNull();
        (await _workers.RenewAsync("nobody", Lease, TimeSpan.Zero, [new EnvironmentCapacity("countdown", 3, 0)], containers: null, Cancel)).ShouldBe(LeaseVerdict.Ended);
    }

    [Fact]
    public async Task Workers_are_forgotten_long_after_their_lease_unless_they_own_a_living_instance()
    {
        var gone = await RegisterAsync();
        var owner = await RegisterAsync();
        var instance = Rows.NewInstance(Rows.NewCaller(), owner: owner);
        await store.Get<InstanceDirectory>().ClaimAsync(instance, Cancel);
        await store.PassAsync(Lease + TimeSpan.FromMinutes(2));
        var living = await RegisterAsync();

        await _workers.ForgetAsync(TimeSpan.FromMinutes(1), Cancel);

        // Only a worker that is not there any more can register under its name.
        await _workers.RegisterAsync(NewWorker(gone), Lease, Cancel);
        await Should.ThrowAsync<DbUpdateException>(_workers.RegisterAsync(NewWorker(owner), Lease, Cancel));
        (await _workers.FindLivingAsync(living, Cancel)).ShouldNotBeNull();
    }

    private async Task<IReadOnlyList<WorkerContainer>> ContainersAsync(string name) => (await _workers.ListContainersAsync(Cancel)).Single(worker => worker.Name == name).Containers;

    private async Task<string> RegisterAsync()
    {
        var worker = NewWorker();
        await _workers.RegisterAsync(worker, Lease, Cancel);
        return worker.Name;
    }

    private static Worker NewWorker(string? name = null) => new() { Name = name ?? Guid.NewGuid().ToString("n"), Host = "h", Version = "1", Environments = "[]" };

    private async Task<Worker?> FindAsync(string name) => (await _workers.ListLivingAsync(Cancel)).Find(worker => worker.Name == name);
}
