using SandQueue.Workers.Fleet;
using SandQueue.Workers.Instances;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Fleet;

/// <summary>What a worker says it has, when it is asked.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class WorkerGaugesTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    [Fact]
    public async Task Instances_and_containers_are_counted_by_their_states()
    {
        using var starts = new Measured<double>("sandqueue.container.start.duration");
        await using var worker = await TestWorker.StartAsync(store, instances: 2, containers: 3);
        using var gauges = new WorkerGauges(worker.Get<EnvironmentPools>(), worker.Get<OwnedInstances>());
        await gauges.StartAsync(TestContext.Current.CancellationToken);
        using var instances = new Measured<long>("sandqueue.instance.count");
        using var limits = new Measured<long>("sandqueue.instance.limit");
        using var containers = new Measured<long>("sandqueue.container.count");
        instances.Read().ShouldBeEmpty();

        foreach (var name in (string[])["i1", "i2", "i3"]) await worker.CreateAsync(name);
        var running = starts.Labels.Count;
        starts.Labels.Distinct().ShouldBe(["end=ready environment=fake"]);
        instances.Read().ShouldBe(["environment=fake state=live: 3"]);
        limits.Read().ShouldBe(["environment=fake: 6"]);
        containers.Read().ShouldBe([$"environment=fake state=running: {running}"]);

        var lost = worker.Owned.All.First();
        await lost.Mailbox.RunAsync(() =>
        {
            lost.Disconnect();
            return Task.CompletedTask;
        });
        instances.Read().ShouldBe(["environment=fake state=live: 2", "environment=fake state=waiting: 1"]);
    }
}
