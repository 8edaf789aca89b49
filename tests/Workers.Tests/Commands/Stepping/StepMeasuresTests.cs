using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Commands.Stepping;

/// <summary>What a worker measures of episodes that end with a step, and of the rows of steps.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class StepMeasuresTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    [Fact]
    public async Task An_episode_is_counted_with_the_step_that_ends_it()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        using var episodes = new Measured<long>("sandqueue.episode.ended");
        await worker.StepAsync("a");
        episodes.Values.ShouldBeEmpty();

        await worker.StepAsync(FakeInstance.End);

        episodes.Labels.ShouldBe(["cause=none end_reason=terminated environment=fake"]);
    }

    [Fact]
    public async Task A_reason_of_the_environment_s_own_is_counted_as_another()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        worker.Environment.StepAnswer = _ => """{"state":[{"role":"user","content":"bye"}],"reward":0,"is_terminated":true,"info":{"end_reason":"the user gave up"}}""";
        using var episodes = new Measured<long>("sandqueue.episode.ended");

        await worker.StepAsync("a");

        episodes.Labels.ShouldBe(["cause=none end_reason=other environment=fake"]);
    }

    [Fact]
    public async Task A_step_is_a_row_of_one_commit()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        using var sizes = new Measured<long>("sandqueue.journal.commit.size");
        using var durations = new Measured<double>("sandqueue.journal.commit.duration");

        await worker.StepAsync("a");

        (sizes.Labels.ShouldHaveSingleItem(), sizes.Values[0]).ShouldBe(("end=committed", 1));
        durations.Labels.ShouldBe(["end=committed"]);
    }
}
