using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Determinism;
using SandQueue.Workers.Replay;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Determinism;

public sealed class ReplayMeasurementTests : IAsyncLifetime
{
    private readonly WorkerStore _store = new();
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // A store of its own: the measurement reads the newest episodes of everybody.
        await _store.InitializeAsync();
        _worker = await TestWorker.StartAsync(_store);
        foreach (var name in (string[])["one", "two"])
        {
            await _worker.CreateAsync(name);
            await _worker.StepAsync("a", name);
            await _worker.StepAsync("b", name);
        }

        await _worker.CreateAsync("unplayed");
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task What_comes_out_the_same_every_time_has_a_share_of_one()
    {
        var freeSlots = _worker.Pool.FreeSlots;

        var share = await MeasureAsync();

        (share.Episodes, share.Observations, share.Identical, share.Share).ShouldBe((2, 18, 18, 1));
        share.Differences.ShouldBeEmpty();
        _worker.Pool.FreeSlots.ShouldBe(freeSlots);
    }

    [Fact]
    public async Task It_reads_on_after_a_difference()
    {
        _worker.Environment.StepAnswer = instance => instance.Done.Count == 1 ? """{"state":[{"role":"user","content":"chance"}],"reward":1,"is_terminated":false}""" : null;

        var share = await MeasureAsync();

        (share.Observations, share.Identical).ShouldBe((18, 12), "only the first step of each replay differs");
        share.Differences.Count.ShouldBe(6);
        share.Differences[0].ShouldStartWith("task 't1', replay 1: step 1 was ");
    }

    [Fact]
    public async Task A_replay_that_fails_or_is_refused_is_a_difference_and_the_others_go_on()
    {
        var creates = 0;
        _worker.Environment.Creating = (_, _) => ++creates switch
        {
            1 => throw new EnvironmentRejectedException("no such task"),
            2 => throw new EnvironmentFailedException("it broke"),
            _ => Task.CompletedTask,
        };

        var share = await MeasureAsync();

        share.Identical.ShouldBe(12);
        share.Differences.Count.ShouldBe(2);
        share.Differences[0].ShouldContain("refused: no such task");
        share.Differences[1].ShouldContain("it broke");
    }

    private Task<ReplayShare> MeasureAsync() =>
        new ReplayMeasurement(_worker.Get<InstanceDirectory>(), _worker.Get<EpisodeReader>(), _worker.Get<EpisodeReplay>()).RunAsync(_worker.Pool, most: 10, times: 3, Cancel);
}
