using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Recovery;

/// <summary>What a worker measures of its rebuilds, and of the episodes that end with them.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class RecoveryMeasuresTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    [Fact]
    public async Task A_rebuild_that_comes_out_the_same_ends_no_episode()
    {
        await using var worker = await NewWorkerAsync(new FakeEnvironment());
        using var recoveries = new Measured<double>("sandqueue.recovery.duration");
        using var episodes = new Measured<long>("sandqueue.episode.ended");
        worker.Environment.Creating = (_, _) =>
        {
            store.Time.Advance(TimeSpan.FromSeconds(2));
            return Task.CompletedTask;
        };

        await worker.StepAsync("b");

        (recoveries.Labels.ShouldHaveSingleItem(), recoveries.Values[0]).ShouldBe(("environment=fake outcome=proven", 2));
        episodes.Values.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rebuild_that_comes_out_otherwise_ends_its_episode_as_diverged()
    {
        await using var worker = await NewWorkerAsync(new FakeEnvironment());
        using var recoveries = new Measured<double>("sandqueue.recovery.duration");
        using var episodes = new Measured<long>("sandqueue.episode.ended");
        worker.Environment.Version = "v2";

        (await worker.SendAsync(worker.NewStep("b"))).Reason.ShouldBe(CommandReason.Diverged);

        recoveries.Labels.ShouldBe(["environment=fake outcome=diverged"]);
        episodes.Labels.ShouldBe(["cause=infrastructure end_reason=diverged environment=fake"]);
    }

    [Fact]
    public async Task An_instance_that_cannot_be_replayed_ends_its_episode_as_lost_without_a_rebuild()
    {
        await using var worker = await NewWorkerAsync(new FakeEnvironment { Description = """{"replayable":"no"}""" });
        using var recoveries = new Measured<double>("sandqueue.recovery.duration");
        using var episodes = new Measured<long>("sandqueue.episode.ended");

        (await worker.SendAsync(worker.NewStep("b"))).Reason.ShouldBe(CommandReason.Lost);

        recoveries.Values.ShouldBeEmpty();
        episodes.Labels.ShouldBe(["cause=infrastructure end_reason=lost environment=fake"]);
    }

    [Fact]
    public async Task A_rebuild_without_a_container_has_failed_and_so_has_its_start()
    {
        await using var worker = await NewWorkerAsync(new FakeEnvironment());
        using var recoveries = new Measured<double>("sandqueue.recovery.duration");
        using var starts = new Measured<double>("sandqueue.container.start.duration");
        worker.Runtime.Failure = new ContainerException("no room");

        (await worker.SendAsync(worker.NewStep("b"))).End.ShouldBe(CommandEnd.Failed);

        recoveries.Labels.Distinct().ShouldBe(["environment=fake outcome=failed"]);
        starts.Labels.Distinct().ShouldBe(["end=failed environment=fake"]);
    }

    /// <summary>A worker whose instance has taken one step, and lost its container then.</summary>
    private async Task<TestWorker> NewWorkerAsync(FakeEnvironment environment)
    {
        var worker = await TestWorker.StartAsync(store, environment);
        await worker.CreateAsync();
        await worker.StepAsync("a");
        worker.Runtime.Running[^1].Exit();
        foreach (var owner in worker.Owned.All)
        {
            await owner.Mailbox.RunAsync(() =>
            {
                owner.Disconnect();
                return Task.CompletedTask;
            });
        }

        return worker;
    }
}
