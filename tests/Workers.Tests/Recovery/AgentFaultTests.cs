using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Commands.Stepping;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Recovery.State;
using SandQueue.Workers.Replay;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Pools;

namespace SandQueue.Workers.Tests.Recovery;

/// <summary>What an action did to its environment, twice and the second time isolated, is a result; everything else is never one.</summary>
public sealed class AgentFaultTests(WorkerStore store) : IClassFixture<WorkerStore>
{
    private const string Crash = "crash";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_action_that_kills_its_container_again_when_it_is_isolated_is_answered_by_an_observation_with_a_reward()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        worker.Environment.Stepping = KillOn(_ => true);

        var reply = await worker.StepAsync(Crash);

        reply.Step().ShouldBe(2);
        reply.Observation().ShouldContain("did not survive");
        reply.Json().GetProperty("reward").GetDouble().ShouldBe(0);
        reply.Json().GetProperty("is_terminated").GetBoolean().ShouldBeFalse();
        var entry = (await worker.EpisodeAsync())[^1];
        (entry.Cause, entry.Reward, entry.Step).ShouldBe((FailureCause.Agent, 0, 2));
        worker.Runtime.Started.Count.ShouldBe(2, "the second time in an isolated container");
    }

    [Fact]
    public async Task Of_a_young_environment_it_is_shown_as_its_own_failure_without_a_reward()
    {
        await using var worker = await TestWorker.StartAsync(store, settings: ("Worker:Environments:fake:Young", "true"));
        await worker.CreateAsync();
        await worker.StepAsync("a");
        worker.Environment.Stepping = KillOn(_ => true);

        var reply = await worker.SendAsync(worker.NewStep(Crash));

        (reply.End, reply.Cause, reply.Answer.Length).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure, 0));
        reply.Detail.ShouldBe(
            "the environment did not survive it, twice, the second time alone in its container. 'fake' is young (its setting Young says so), so this is shown as a failure of the "
            + "environment and not as the agent's doing; set Young to false where agents' actions may do that. It printed last: its last words. The step was not recorded; "
            + "the instance is rebuilt from its journal with its next command");
        (await worker.StepAsync("b")).Step().ShouldBe(2);
    }

    [Fact]
    public async Task A_program_is_young_until_a_replay_among_others_has_proven_it()
    {
        await using var worker = await TestWorker.StartAsync(store, containers: 1, settings: ("Worker:Environments:fake:Address", "http://127.0.0.1:1"));
        await worker.CreateAsync();
        await worker.StepAsync("a");
        worker.Environment.Stepping = KillOn(_ => true);
        (await worker.SendAsync(worker.NewStep(Crash))).Detail.ShouldNotBeNull().ShouldContain("none of its episodes has been replayed yet");
        (await worker.SendAsync(worker.NewStep(Crash))).End.ShouldBe(CommandEnd.Failed, "a replay alone, for that action, proves nothing");
        await worker.StepAsync("b");

        foreach (var container in worker.Runtime.Running) container.Exit();
        (await worker.StepAsync("c")).Step().ShouldBe(3);

        (await worker.StepAsync(Crash)).Observation().ShouldContain("did not survive");
    }

    [Fact]
    public async Task The_episode_goes_on_from_before_that_action_and_a_rebuild_does_not_run_it_again()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        worker.Environment.Stepping = KillOn(_ => true);
        await worker.StepAsync(Crash);

        (await worker.StepAsync("b")).Step().ShouldBe(3);
        worker.Runtime.Running[^1].Exit();

        (await worker.StepAsync("c")).Step().ShouldBe(4);
        worker.Made[^1].Done.ShouldBe(["a", "b", "c"]);
        (await worker.RowAsync()).State.ShouldBe(InstanceState.Live);
    }

    [Fact]
    public async Task An_action_that_hangs_again_when_it_is_isolated_is_answered_the_same_way()
    {
        await using var worker = await NewWorkerAsync(callTimeout: "00:00:20");
        var hanging = new SemaphoreSlim(0);
        worker.Environment.Stepping = async (_, action, cancellationToken) =>
        {
            if (action != "hang") return;
            hanging.Release();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        };

        var sent = worker.SendAsync(worker.NewStep("hang"));
        for (var tries = 0; tries < 2; tries++)
        {
            (await hanging.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBeTrue();
            store.Time.Advance(TimeSpan.FromSeconds(20));
        }

        var reply = await sent;
        (reply.End, reply.Step()).ShouldBe((CommandEnd.Completed, 1));
        reply.Observation().ShouldContain("20 s");
        (await worker.StepAsync("b")).Step().ShouldBe(2);
    }

    [Fact]
    public async Task What_does_not_happen_again_costs_the_caller_time_only()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        var deaths = 0;
        worker.Environment.Stepping = KillOn(_ => Interlocked.Increment(ref deaths) == 1);

        var reply = await worker.StepAsync(Crash);

        reply.Observation().ShouldStartWith("v1 t1 2 ");
        (await worker.EpisodeAsync())[^1].Cause.ShouldBeNull();
        (await worker.StepAsync("b")).Step().ShouldBe(3);
        worker.Runtime.Running.Count.ShouldBe(1, "the isolated container has ended");
    }

    [Fact]
    public async Task A_server_that_has_ended_in_a_container_that_runs_on_is_not_used_again()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        var dead = worker.Made[^1].Container;
        worker.Environment.Stepping = (instance, _, _) => instance.Container == dead ? throw new EnvironmentGoneException("nobody listens") : Task.CompletedTask;

        var reply = await worker.StepAsync("b");

        (reply.Step(), (await worker.EpisodeAsync())[^1].Cause).ShouldBe((2, null));
        worker.Made[^1].Container.ShouldNotBe(dead);
        dead.Exited.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Those_who_were_in_the_same_container_are_not_blamed()
    {
        await using var worker = await NewWorkerAsync();
        for (var index = 0; index < 5; index++) await worker.CreateAsync($"bystander{index}");
        var gate = new Gate();
        var arrived = new CountdownEvent(5);
        worker.Environment.Stepping = async (instance, action, cancellationToken) =>
        {
            if (action == "slow" && instance.Request.InnerId.EndsWith("-1", StringComparison.Ordinal))
            {
                arrived.Signal();
                await gate.PassAsync(cancellationToken);
            }

            if (action == Crash) Die(instance);
        };
        var bystanders = Enumerable.Range(0, 5).Select(index => worker.SendAsync(worker.NewStep("slow", $"bystander{index}"))).ToList();
        await Task.Run(() => arrived.Wait(TimeSpan.FromSeconds(30), Cancel), Cancel);

        var culprit = await worker.StepAsync(Crash);

        foreach (var reply in await Task.WhenAll(bystanders))
        {
            reply.End.ShouldBe(CommandEnd.Completed, reply.Detail);
            reply.Observation().ShouldBe("v1 t1 1 slow");
        }

        culprit.Observation().ShouldContain("did not survive");
    }

    [Fact]
    public async Task An_episode_whose_repetition_kills_every_container_is_given_up()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync(Crash);
        worker.Environment.Stepping = KillOn(_ => true);
        worker.Runtime.Running[^1].Exit();

        var reply = await worker.SendAsync(worker.NewStep("b"));

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Failed, CommandReason.Lost));
        worker.Runtime.Started.Count.ShouldBeInRange(4, 6);
        (await worker.RowAsync()).State.ShouldBe(InstanceState.Lost);
    }

    [Fact]
    public async Task A_first_death_in_an_isolated_container_is_not_blamed_on_the_action_either()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");

        // Two rebuilds that do not survive put the third into a container of its own, where another action finds it.
        var deaths = 0;
        worker.Environment.Stepping = (instance, action, _) =>
        {
            if (action == "a" && Interlocked.Increment(ref deaths) <= 2) Die(instance);
            if (action == "b" && Interlocked.Increment(ref deaths) == 4) Die(instance);
            return Task.CompletedTask;
        };
        worker.Runtime.Running[^1].Exit();

        var reply = await worker.StepAsync("b");

        reply.Observation().ShouldBe("v1 t1 2 b");
        (await worker.EpisodeAsync())[^1].Cause.ShouldBeNull();
    }

    [Fact]
    public async Task No_isolated_container_outlives_its_command()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        var deaths = 0;
        worker.Environment.Evaluating = (instance, _) =>
        {
            if (Interlocked.Increment(ref deaths) == 1) Die(instance);
            return Task.CompletedTask;
        };

        for (var index = 0; index < 5; index++)
        {
            deaths = 0;
            (await worker.SendAsync(worker.NewEvaluate())).End.ShouldBe(CommandEnd.Completed);
        }

        worker.Runtime.Running.Count.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public async Task A_worker_that_ends_blames_nobody()
    {
        await using var worker = await NewWorkerAsync();
        var deaths = 0;
        worker.Environment.Stepping = (instance, action, _) =>
        {
            if (action != Crash) return Task.CompletedTask;
            if (Interlocked.Increment(ref deaths) == 2) worker.Get<WorkerLease>().End();
            Die(instance);
            return Task.CompletedTask;
        };
        var step = worker.NewStep(Crash);
        worker.Get<CommandIntake>().Accept([step], worker.Get<StepExecution>(), FakeBus.ReplyTo);

        await Until.TrueAsync("tried twice", () => Task.FromResult(Volatile.Read(ref deaths) == 2), TimeSpan.FromSeconds(30));
        await Until.TrueAsync(
            "given up", () => Task.FromResult(worker.Owned.All.All(owner => owner.Connection.Environment is null && RecoveryState.Of(owner).Rebuild is null)), TimeSpan.FromSeconds(30));

        (await worker.EpisodeAsync()).Count.ShouldBe(1);
        (await store.Episodes.FindCommandAsync(worker.Tenant, step.CommandId, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_failure_that_the_environment_survives_has_no_reward_however_often_it_happens()
    {
        await using var worker = await NewWorkerAsync();
        worker.Environment.Stepping = (_, _, _) => throw new EnvironmentFailedException("an unexpected exception");

        for (var tries = 0; tries < 3; tries++)
        {
            var reply = await worker.SendAsync(worker.NewStep("{}"));
            (reply.End, reply.Cause, reply.Answer.Length).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure, 0));
        }

        (await worker.EpisodeAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_evaluation_that_kills_its_container_is_never_a_score()
    {
        await using var worker = await NewWorkerAsync();
        await worker.StepAsync("a");
        worker.Environment.Evaluating = (instance, _) =>
        {
            Die(instance);
            return Task.CompletedTask;
        };

        var reply = await worker.SendAsync(worker.NewEvaluate());

        (reply.End, reply.Cause, reply.Answer.Length).ShouldBe((CommandEnd.Failed, FailureCause.Infrastructure, 0));
    }

    [Fact]
    public async Task A_caller_whose_time_ends_first_learns_nothing_of_the_agent()
    {
        await using var worker = await NewWorkerAsync(callTimeout: "00:00:20");
        var gate = new Gate();
        worker.Environment.Stepping = (_, _, cancellationToken) => gate.PassAsync(cancellationToken);
        var sent = worker.SendAsync(worker.NewStep("{}") with { RemainingMs = 5_000 });
        await gate.Arrived;

        store.Time.Advance(TimeSpan.FromSeconds(5));

        (await sent).End.ShouldBe(CommandEnd.Expired);
        gate.Open();
        (await worker.StepAsync("{}")).Step().ShouldBe(1);
    }

    private async Task<TestWorker> NewWorkerAsync(string callTimeout = "40.00:00:00")
    {
        var worker = await TestWorker.StartAsync(store, settings: ("Worker:Environments:fake:CallTimeout", callTimeout));
        await worker.CreateAsync();
        return worker;
    }

    private static Func<FakeInstance, string, CancellationToken, Task> KillOn(Func<FakeInstance, bool> kills) => (instance, action, _) =>
    {
        if (action == Crash && kills(instance)) Die(instance);
        return Task.CompletedTask;
    };

    private static void Die(FakeInstance instance)
    {
        ((FakeContainer)instance.Container).Exit();
        throw new EnvironmentFailedException("the environment's container exited");
    }
}
