using Microsoft.Extensions.Options;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Determinism;
using SandQueue.Workers.Replay;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Pools;
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
        share.IsWhole.ShouldBeTrue();
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
    public async Task A_create_that_is_refused_is_a_difference_and_the_others_go_on()
    {
        var creates = 0;
        _worker.Environment.Creating = (_, _) => ++creates == 1 ? throw new EnvironmentRejectedException("no such task") : Task.CompletedTask;

        var share = await MeasureAsync();

        (share.Identical, share.Failures.Count).ShouldBe((15, 0));
        share.Differences.ShouldHaveSingleItem().ShouldContain("refused: no such task");
    }

    [Fact]
    public async Task A_server_that_exits_is_a_failure_of_the_environment_with_its_last_lines_and_the_others_go_on()
    {
        var steps = 0;
        _worker.Environment.Stepping = (instance, _, _) =>
        {
            if (++steps != 2) return Task.CompletedTask;
            ((FakeContainer)instance.Container).Exit();
            throw new EnvironmentFailedException("the environment's container exited");
        };

        var share = await MeasureAsync();

        (share.Observations, share.Identical, share.IsWhole).ShouldBe((18, 17, false));
        share.Differences.ShouldBeEmpty();
        share.Failures.ShouldHaveSingleItem().ShouldBe(
            "environment 'fake', task 't1', instance 'two', replay 1, step 2: the environment's container exited. It answered this when it was recorded, so this is a failure of the "
            + "environment, neither a difference nor the agent's doing; the rest of this replay was not run. Its server printed last: its last words");
    }

    [Fact]
    public async Task A_server_that_hangs_is_a_failure_and_takes_no_other_replay()
    {
        await using var worker = await TestWorker.StartAsync(_store, settings: ("Worker:Environments:fake:CallTimeout", "00:00:20"));
        var hangs = new Gate();
        var steps = 0;
        worker.Environment.Stepping = (_, _, cancellationToken) => ++steps == 1 ? hangs.PassAsync(cancellationToken) : Task.CompletedTask;

        var measuring = MeasureAsync(worker);
        await hangs.Arrived;
        _store.Time.Advance(TimeSpan.FromSeconds(20));
        var share = await measuring;

        (share.Identical, share.Differences.Count).ShouldBe((16, 0));
        share.Failures.ShouldHaveSingleItem().ShouldContain("replay 1, step 1: the environment did not answer within 20 s. ");
    }

    [Fact]
    public async Task A_create_without_end_ends_with_the_limit_of_a_replay()
    {
        var hangs = new Gate();
        var creates = 0;
        _worker.Environment.Creating = (_, cancellationToken) => ++creates == 1 ? hangs.PassAsync(cancellationToken) : Task.CompletedTask;

        var measuring = MeasureAsync();
        await hangs.Arrived;
        _store.Time.Advance(TimeSpan.FromMinutes(5));
        var share = await measuring;

        share.Identical.ShouldBe(15);
        share.Failures.ShouldHaveSingleItem().ShouldContain("replay 1, the initial state: the replay did not end within 300 s (Worker:RebuildTimeout). ");
    }

    [Theory]
    [InlineData("""{"state":[{"role":"user","content":"x"}],"reward":NaN,"is_terminated":false}""", "the reward is NaN")]
    [InlineData("""{"state":"x","reward":1}""", "the state is a string, not an array")]
    [InlineData("nonsense", "the environment's answer cannot be read")]
    public async Task An_answer_that_is_nonsense_is_a_failure(string answer, string what)
    {
        _worker.Environment.StepAnswer = instance => instance.Done.Count == 2 ? answer : null;

        var share = await MeasureAsync();

        (share.Identical, share.Failures.Count, share.Differences.Count).ShouldBe((12, 6, 0));
        share.Failures[5].ShouldStartWith("environment 'fake', task 't1', instance 'one', replay 3, step 2: the environment's answer cannot be ");
        share.Failures[5].ShouldContain(what);
    }

    [Fact]
    public async Task What_was_recorded_as_the_agents_doing_is_a_failure_of_the_environment_and_nothing_identical()
    {
        _worker.Environment.Stepping = (instance, action, _) =>
        {
            if (action != "crash") return Task.CompletedTask;
            ((FakeContainer)instance.Container).Exit();
            throw new EnvironmentFailedException("the environment's container exited");
        };
        (await _worker.StepAsync("crash", "one")).Observation().ShouldContain("did not survive");

        var share = await MeasureAsync();

        (share.Observations, share.Identical, share.Share, share.IsWhole).ShouldBe((18, 18, 1, false));
        share.Failures.ShouldHaveSingleItem().ShouldStartWith(
            "environment 'fake', task 't1', instance 'one', step 3: when it was recorded, the environment did not survive it, twice, the second time alone in its container, "
            + "and the journal counts it as the agent's doing with a reward of 0. ");
    }

    [Fact]
    public async Task A_server_that_cannot_be_started_ends_the_run_with_what_is_known()
    {
        _worker.Environment.Stepping = (instance, _, _) =>
        {
            _worker.Runtime.Failure = new ContainerException("there is no program guess.py");
            ((FakeContainer)instance.Container).Exit();
            throw new EnvironmentFailedException("the environment's container exited");
        };

        var share = await MeasureAsync();

        (share.Episodes, share.Observations, share.Identical).ShouldBe((1, 6, 1));
        share.Failures.Count.ShouldBe(2);
        share.Failures[1].ShouldBe(
            "environment 'fake', task 't1', instance 'two', replay 2: there is no program guess.py. This is a failure of the environment; the run ends here");
    }

    private Task<ReplayShare> MeasureAsync() => MeasureAsync(_worker);

    private Task<ReplayShare> MeasureAsync(TestWorker worker) => new ReplayMeasurement(
        worker.Get<InstanceDirectory>(), worker.Get<EpisodeReader>(), worker.Get<EpisodeReplay>(), worker.Get<IOptions<WorkerOptions>>(), _store.Time)
        .RunAsync(worker.Pool, most: 10, times: 3, Cancel);
}
