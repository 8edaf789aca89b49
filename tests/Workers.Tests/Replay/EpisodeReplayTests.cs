using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Replay;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Pools;
using SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Replay;

/// <summary>The comparison of a recorded episode with its replay, read past where recovery stops.</summary>
public sealed class EpisodeReplayTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _worker = await TestWorker.StartAsync(store);
        await _worker.CreateAsync();
        await _worker.StepAsync("a");
        await _worker.StepAsync("b");
        await _worker.StepAsync(FakeInstance.End);
    }

    public ValueTask DisposeAsync() => _worker.DisposeAsync();

    [Fact]
    public async Task Every_observation_of_the_same_environment_is_the_same()
    {
        var replayed = await ReplayAsync();

        replayed.Select(command => command.Recorded.Step).ShouldBe([0, 1, 2, 3]);
        var same = replayed.Cast<ReplayedCommand.Same>().ToList();
        same.Select(command => command.Replayed.Reward).ShouldBe([null, 1.5, 2.5, 3.5]);
        same.Select(command => command.Replayed.EndReason).ShouldBe([null, null, null, "terminated"]);
        (await _worker.EpisodeAsync()).Count.ShouldBe(4, "a replay writes nothing");
    }

    [Fact]
    public async Task It_goes_on_after_a_difference_which_shows_both_sides()
    {
        _worker.Environment.StepAnswer = instance => instance.Done.Count == 2
            ? """{"state":[{"role":"user","content":"other"}],"reward":9,"is_terminated":true,"info":{"end_reason":"lost"}}"""
            : null;

        var replayed = await ReplayAsync();

        replayed.Select(command => command.GetType().Name).ShouldBe(["Same", "Same", "Different", "Same"]);
        var different = (ReplayedCommand.Different)replayed[2];
        (different.Recorded.Step, different.Then.Reward, different.Then.EndReason).ShouldBe((2, 2.5, null));
        (different.Replayed.Reward, different.Replayed.EndReason).ShouldBe((9, "lost"));
        different.Then.Answer.ShouldBe((await _worker.EpisodeAsync())[2].Answer);
        different.Description.ShouldStartWith("step 2 was {");
        different.Description.ShouldContain("v1 t1 2 b");
        different.Description.ShouldContain("other");
    }

    [Fact]
    public async Task The_recorded_side_of_a_difference_has_its_end_reason()
    {
        _worker.Environment.StepAnswer = instance => instance.Done.Count == 3 ? """{"state":[{"role":"user","content":"on"}],"reward":0,"is_terminated":false}""" : null;

        var different = (await ReplayAsync())[3].ShouldBeOfType<ReplayedCommand.Different>();

        (different.Then.EndReason, different.Replayed.EndReason).ShouldBe(("terminated", null));
    }

    [Fact]
    public async Task It_goes_on_after_a_step_that_is_refused_now()
    {
        _worker.Environment.Stepping = (_, action, _) => action == "a" ? throw new EnvironmentRejectedException("no such tool") : Task.CompletedTask;

        var replayed = await ReplayAsync();

        var refused = replayed[1].ShouldBeOfType<ReplayedCommand.Refused>();
        (refused.Reason, refused.Then.Reward).ShouldBe(("no such tool", 1.5));
        refused.Description.ShouldEndWith("is now refused: no such tool");
        replayed.Count.ShouldBe(4);
        _worker.Made[1].Done.ShouldBe(["b", FakeInstance.End]);
    }

    [Fact]
    public async Task An_initial_state_that_differs_is_an_item_too()
    {
        _worker.Environment.Version = "v2";

        var replayed = await ReplayAsync();

        replayed.ShouldAllBe(command => command is ReplayedCommand.Different);
        ((ReplayedCommand.Different)replayed[0]).Description.ShouldStartWith("the initial state was ");
    }

    [Theory]
    [InlineData(true, 5)]
    [InlineData(false, 4)]
    public async Task Evaluations_are_repeated_and_not_judged_where_they_change_the_state(bool changes, int items)
    {
        (await _worker.SendAsync(_worker.NewEvaluate())).End.ShouldBe(CommandEnd.Completed);
        _worker.Environment.EvaluateAnswer = _ => """{"score":0.75}""";

        var replayed = await ReplayAsync(evaluateChangesState: changes);

        replayed.Count.ShouldBe(items);
        if (!changes) return;
        var evaluated = replayed[^1].ShouldBeOfType<ReplayedCommand.Evaluated>();
        (evaluated.Recorded.Reward, evaluated.Replayed.Reward).ShouldBe((0.25, 0.75));
    }

    [Fact]
    public async Task Nothing_runs_before_it_is_asked_for()
    {
        var read = 0;
        await ReplayAsync(_ => ++read < 2);

        // A fork stops after the step it forks at.
        _worker.Made[1].Done.ShouldBe(["a"]);
    }

    [Fact]
    public async Task Steps_up_to_a_checkpoint_are_left_out()
    {
        var replayed = await ReplayAsync(afterStep: 2);

        replayed.Select(command => command.Recorded.Step).ShouldBe([0, 3]);
        _worker.Made[1].Done.ShouldBe([FakeInstance.End]);
    }

    [Fact]
    public async Task An_action_the_environment_did_not_survive_is_not_run_again()
    {
        await using var worker = await TestWorker.StartAsync(store);
        await worker.CreateAsync();
        worker.Environment.Stepping = (instance, _, cancellationToken) =>
        {
            ((FakeContainer)instance.Container).Exit();
            return Task.Delay(Timeout.Infinite, cancellationToken);
        };
        (await worker.StepAsync("crash")).Observation().ShouldContain("did not survive");
        worker.Environment.Stepping = (_, _, _) => Task.CompletedTask;

        var replayed = await ReplayAsync(worker);

        var notRun = replayed[1].ShouldBeOfType<ReplayedCommand.NotRun>();
        (notRun.Recorded.Cause, notRun.Replayed.Reward).ShouldBe((FailureCause.Agent, 0));
        worker.Made[^1].Done.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_environment_that_fails_ends_it()
    {
        _worker.Environment.Stepping = (_, action, _) => action == "b" ? throw new EnvironmentFailedException("it broke") : Task.CompletedTask;
        var read = new List<ReplayedCommand>();

        (await Should.ThrowAsync<EnvironmentFailedException>(ReplayAsync(command =>
        {
            read.Add(command);
            return true;
        }))).Message.ShouldBe("it broke");

        read.Count.ShouldBe(2);
    }

    private Task<List<ReplayedCommand>> ReplayAsync(Func<ReplayedCommand, bool>? goesOn = null, int afterStep = 0, bool evaluateChangesState = false) =>
        ReplayAsync(_worker, goesOn, afterStep, evaluateChangesState);

    private async Task<List<ReplayedCommand>> ReplayAsync(
        TestWorker worker, Func<ReplayedCommand, bool>? goesOn = null, int afterStep = 0, bool evaluateChangesState = false)
    {
        var row = await worker.RowAsync();
        var episode = new RecordedEpisode(row, await store.Episodes.ReadCommandsAsync(row.EpisodeId, Cancel));
        using var slot = await worker.Pool.AcquireAsync(Cancel);
        var environment = await slot.CreateAsync(new NewInstance(row.EnvType, row.TaskId, "replayed", row.Params), Cancel);
        var opening = Opening.Compose(environment.Opening, row.InstanceId, row.TaskId, slot.Container.ImageDigest, CanonicalForm.Exact);
        var replayed = new List<ReplayedCommand>();
        await foreach (var command in worker.Get<EpisodeReplay>().RunAsync(episode, new FreshInstance(environment, opening, CanonicalForm.Exact, evaluateChangesState), afterStep, Cancel))
        {
            replayed.Add(command);
            if (goesOn?.Invoke(command) == false) break;
        }

        return replayed;
    }
}
