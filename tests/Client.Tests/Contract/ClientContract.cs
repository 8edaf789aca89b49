using System.Text.Json;
using SandQueue.Client.Tests.Servers;
using SandQueue.Testing;

namespace SandQueue.Client.Tests.Contract;

/// <summary>What every client can do, whatever carries its commands. One class for each transport binds it to real programs.</summary>
public abstract class ClientContract
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The port at which SandQueue, or its broker, listens. Starts it.</summary>
    protected abstract Task<int> PortAsync();

    /// <summary>A client that goes by another port of this machine.</summary>
    protected abstract SandQueueClient Client(int port, SandQueueClientOptions? options);

    /// <summary>A client that can read lists of the same tenant.</summary>
    protected abstract Task<SandQueueHttpClient> ReaderAsync();

    private async Task<SandQueueClient> ClientAsync(SandQueueClientOptions? options = null) => Client(await PortAsync(), options);

    [Fact]
    public async Task An_episode_is_played_from_its_task_to_its_release()
    {
        await using var queue = await ClientAsync();
        var task = await queue.ListTasksAsync("frozenlake", "val", cancellationToken: Cancel).FirstAsync(Cancel);
        await using var instance = await queue.CreateAsync("frozenlake", task, new() { Params = new() { ["seed"] = 7 } }, Cancel);
        instance.Messages.Select(message => message.Role).ShouldBe(["system", "user"]);
        instance.Info.GetProperty("provenance").GetProperty("seed").GetInt32().ShouldBe(7);

        (await instance.GetInfoAsync(Cancel)).GetString()!.ShouldContain("frozen lake");

        List<EpisodeStep> steps = [];
        foreach (var move in (string[])["down", "right", "right", "right", "down", "down"]) steps.Add(await instance.StepAsync($"<action>{move}</action>", cancellationToken: Cancel));

        steps.Select(step => step.Number).ShouldBe([1, 2, 3, 4, 5, 6]);
        steps.Select(step => step.Reward).ShouldBe([0, 0, 0, 0, 0, 1]);
        steps[0].Observation.ShouldStartWith("You go down.");
        (steps[4].IsTerminated, steps[4].EndReason).ShouldBe((false, null));
        (steps[5].IsTerminated, steps[5].IsTruncated, steps[5].EndReason).ShouldBe((true, false, "goal"));
        var score = await instance.EvaluateAsync(cancellationToken: Cancel);
        (score.Score, score.EndReason).ShouldBe((1, "goal"));
        (await instance.EvaluateAsync(new() { Params = new() { ["sparse"] = true } }, Cancel)).Score.ShouldBe(1);
        (await FailureAsync(() => instance.StepAsync("left", cancellationToken: Cancel))).Code.ShouldBe(ErrorCodes.EpisodeOver);

        await instance.ReleaseAsync(Cancel);
        await instance.ReleaseAsync(Cancel);
        (await FailureAsync(() => instance.StepAsync("left", cancellationToken: Cancel))).Code.ShouldBe(ErrorCodes.Released);
    }

    [Fact]
    public async Task Tasks_are_searched()
    {
        await using var queue = await ClientAsync();

        var found = await queue.ListTasksAsync("frozenlake", "val", "SLIPPERY", Cancel).ToListAsync(Cancel);

        found.ShouldNotBeEmpty();
        found.ShouldAllBe(task => task.Contains("slippery"));
        found.Count.ShouldBeLessThan(await queue.ListTasksAsync("frozenlake", "val", cancellationToken: Cancel).CountAsync(Cancel));
        (await FailureAsync(async () => await queue.ListTasksAsync("nothing", cancellationToken: Cancel).ToListAsync(Cancel))).End.ShouldBe(CommandEnd.Rejected);
    }

    [Fact]
    public async Task A_message_reaches_the_environment_as_the_models_server_gave_it()
    {
        await using var queue = await ClientAsync();
        await using var instance = await queue.CreateAsync("faulty", "plain", cancellationToken: Cancel);
        var message = JsonElement.Parse("""{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"fault","arguments":"{\"action\":\"echo ü\"}"}}],"logprobs":1e0}""");

        var step = await instance.StepAsync(message, cancellationToken: Cancel);

        step.Observation.ShouldBe("ü");
        step.Info.GetProperty("tool_messages")[0].GetProperty("tool_call_id").GetString().ShouldBe("c");
        await using var reader = await ReaderAsync();
        var entry = await reader.ReadEpisodeAsync(instance.InstanceId, Cancel).LastAsync(Cancel);
        entry.Action.GetRawText().ShouldBe(message.GetRawText());
    }

    [Fact]
    public async Task A_step_that_is_sent_again_under_its_id_takes_effect_once()
    {
        await using var queue = await ClientAsync();
        await using var instance = await queue.CreateAsync("frozenlake", "4x4-1000000", cancellationToken: Cancel);
        var options = new StepOptions { CommandId = $"mine-{instance.InstanceId}", Number = 1 };

        var first = await instance.StepAsync("<action>down</action>", options, Cancel);
        var again = await queue.Attach(instance.InstanceId).StepAsync("<action>down</action>", options, Cancel);

        (again.CommandId, again.Observation, again.Number).ShouldBe((options.CommandId, first.Observation, 1));
        var other = await FailureAsync(() => instance.StepAsync("<action>up</action>", options, Cancel));
        (other.Code, other.IsRetryable, other.CommandId, other.InstanceId).ShouldBe((ErrorCodes.Conflict, false, options.CommandId, instance.InstanceId));
        (await FailureAsync(() => instance.StepAsync("<action>up</action>", new() { Number = 5 }, Cancel))).Code.ShouldBe(ErrorCodes.Conflict);
    }

    [Fact]
    public async Task A_failure_has_no_reward()
    {
        await using var queue = await ClientAsync();
        await using var instance = await queue.CreateAsync("faulty", "plain", cancellationToken: Cancel);

        var failure = await FailureAsync(() => instance.StepAsync("throw", cancellationToken: Cancel));

        (failure.Code, failure.End, failure.IsRetryable).ShouldBe((ErrorCodes.EnvironmentFailed, CommandEnd.Failed, true));
        failure.CommandId.ShouldNotBeNullOrEmpty();
        (await instance.StepAsync("echo still here", cancellationToken: Cancel)).Number.ShouldBe(1);
    }

    [Fact]
    public async Task Mistakes_are_told_by_their_codes()
    {
        await using var queue = await ClientAsync();

        var ghost = await FailureAsync(() => queue.Attach("gh/ost").StepAsync("left", cancellationToken: Cancel));
        var task = await FailureAsync(() => queue.CreateAsync("frozenlake", "no-such-task", cancellationToken: Cancel));

        (ghost.Code, ghost.End, ghost.Cause, ghost.IsRetryable, ghost.InstanceId).ShouldBe((ErrorCodes.UnknownInstance, CommandEnd.Rejected, FailureCause.Caller, false, "gh/ost"));
        (task.Code, task.End, task.Cause).ShouldBe((ErrorCodes.InvalidRequest, CommandEnd.Rejected, FailureCause.Caller));
    }

    [Fact]
    public async Task Steps_of_many_instances_have_each_an_end()
    {
        await using var queue = await ClientAsync();
        var instances = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => queue.CreateAsync("faulty", "plain", cancellationToken: Cancel)));
        StepRequest[] steps =
        [
            new(instances[0].InstanceId, "reward 0.25") { CommandId = $"own-{instances[0].InstanceId}" },
            new(instances[1].InstanceId, "throw"),
            new("ghost", "count"),
            new(instances[2].InstanceId, "count") { Number = 9 },
            new(instances[3].InstanceId, "count") { Params = new() { ["_step"] = 1 } },
            new(instances[4].InstanceId, "end enough"),
        ];

        var results = await queue.StepAsync(steps, cancellationToken: Cancel);

        results.Select(result => result.InstanceId).ShouldBe(steps.Select(step => step.InstanceId));
        results.Select(result => result.Failure?.Code).ShouldBe([null, ErrorCodes.EnvironmentFailed, ErrorCodes.UnknownInstance, ErrorCodes.Conflict, ErrorCodes.InvalidRequest, null]);
        results.ShouldAllBe(result => result.Step == null != (result.Failure == null));
        (results[0].CommandId, results[0].EnsureCompleted().Reward).ShouldBe(($"own-{instances[0].InstanceId}", 0.25));
        Should.Throw<SandQueueException>(() => results[1].EnsureCompleted()).CommandId.ShouldBe(results[1].CommandId);
        results[5].Step!.EndReason.ShouldBe("enough");
        await Should.ThrowAsync<ArgumentException>(() => queue.StepAsync([steps[0], steps[0] with { CommandId = null }], cancellationToken: Cancel));
        (await queue.StepAsync([], cancellationToken: Cancel)).ShouldBeEmpty();
        foreach (var instance in instances) await instance.DisposeAsync();
    }

    [Fact]
    public async Task A_cancelled_step_ends_the_wait_at_once_and_its_answer_is_there_under_its_id()
    {
        await using var proxy = new TcpProxy(await PortAsync());
        await using var queue = Client(proxy.Port, null);
        await using var instance = await queue.CreateAsync("faulty", "plain", cancellationToken: Cancel);
        var options = new StepOptions { CommandId = $"slow-{instance.InstanceId}" };
        using var giveUp = new CancellationTokenSource();
        var asked = proxy.Asked;

        var stepping = instance.StepAsync("hang 3s", options, giveUp.Token);
        await Until.TrueAsync("the step was sent", () => proxy.Asked > asked, TimeSpan.FromSeconds(30));
        await giveUp.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(() => stepping)).CancellationToken.ShouldBe(giveUp.Token);
        (await instance.StepAsync("hang 3s", options, Cancel)).Number.ShouldBe(1);
        (await instance.StepAsync("count", cancellationToken: Cancel)).Observation.ShouldStartWith("steps 2,");
    }

    [Fact]
    public async Task A_deadline_ends_the_wait_and_the_step_takes_effect_once()
    {
        await using var proxy = new TcpProxy(await PortAsync());
        await using var queue = Client(proxy.Port, null);
        await using var instance = await queue.CreateAsync("faulty", "plain", cancellationToken: Cancel);
        var options = new StepOptions { CommandId = $"late-{instance.InstanceId}", Deadline = TimeSpan.FromSeconds(10) };
        var told = new TaskCompletionSource();
        proxy.BeforeAnswer = async cancellationToken =>
        {
            await told.Task.WaitAsync(cancellationToken);
            return true;
        };

        var failure = await FailureAsync(() => instance.StepAsync("count", options, Cancel));
        told.SetResult();

        (failure.Code, failure.End, failure.IsRetryable, failure.CommandId).ShouldBe((ErrorCodes.UnknownEnd, CommandEnd.Unknown, true, options.CommandId));
        (await instance.StepAsync("count", options with { Deadline = null }, Cancel)).Observation.ShouldStartWith("steps 1,");
        (await instance.StepAsync("count", cancellationToken: Cancel)).Observation.ShouldStartWith("steps 2,");
    }

    [Fact]
    public async Task A_step_whose_connection_breaks_is_sent_again_and_takes_effect_once()
    {
        await using var proxy = new TcpProxy(await PortAsync());
        await using var queue = Client(proxy.Port, null);
        await using var instance = await queue.CreateAsync("faulty", "plain", cancellationToken: Cancel);
        var asked = proxy.Asked;

        var stepping = queue.StepAsync([new(instance.InstanceId, "hang 1s")], cancellationToken: Cancel);
        await Until.TrueAsync("the step was sent", () => proxy.Asked > asked, TimeSpan.FromSeconds(30));
        proxy.Cut();
        proxy.Restore();

        (await stepping).Single().EnsureCompleted().Number.ShouldBe(1);
        (await instance.StepAsync("count", cancellationToken: Cancel)).Observation.ShouldStartWith("steps 2,");
    }

    [Fact]
    public async Task A_step_whose_answer_is_lost_gets_it_again()
    {
        await using var proxy = new TcpProxy(await PortAsync());
        await using var queue = Client(proxy.Port, null);
        await using var instance = await queue.CreateAsync("faulty", "plain", cancellationToken: Cancel);
        var lost = 0;

        // The other side believes that it was delivered.
        proxy.BeforeAnswer = _ => Task.FromResult(Interlocked.Increment(ref lost) != 1);
        (await instance.StepAsync("count", cancellationToken: Cancel)).Observation.ShouldStartWith("steps 1,");

        lost.ShouldBeGreaterThan(1);
        (await instance.StepAsync("count", cancellationToken: Cancel)).Observation.ShouldStartWith("steps 2,");
    }

    [Fact]
    public async Task A_step_whose_connection_hangs_is_sent_again_and_takes_effect_once()
    {
        await using var proxy = new TcpProxy(await PortAsync());
        var time = new CountedTime(TimeSpan.FromSeconds(3));
        await using var queue = Client(proxy.Port, new() { AttemptTimeout = time.Limit, TimeProvider = time });
        await using var instance = await queue.CreateAsync("faulty", "plain", new() { Deadline = TimeSpan.FromMinutes(2) }, Cancel);
        proxy.Freeze();
        var before = time.Count;

        var stepping = instance.StepAsync("count", cancellationToken: Cancel);
        await Until.TrueAsync("it was sent twice", () => time.Count > before + 1, TimeSpan.FromSeconds(30));
        stepping.IsCompleted.ShouldBeFalse();
        proxy.Restore();

        (await stepping).Observation.ShouldStartWith("steps 1,");
        (await instance.StepAsync("count", cancellationToken: Cancel)).Observation.ShouldStartWith("steps 2,");
    }

    [Fact]
    public async Task Nobody_at_the_address_is_told_once_the_time_is_over()
    {
        await using var queue = Client(FreePort.Take(), new() { Deadline = TimeSpan.FromSeconds(5), TimeProvider = SkippingTime.ByPauses() });

        var failure = await FailureAsync(() => queue.CreateAsync("frozenlake", "4x4-1", cancellationToken: Cancel));

        (failure.Code, failure.End, failure.Cause, failure.IsRetryable).ShouldBe((ErrorCodes.Unreachable, CommandEnd.Rejected, FailureCause.Infrastructure, true));
    }

    [Fact]
    public async Task A_cancelled_create_leaves_no_instance()
    {
        await using var reader = await ReaderAsync();
        var name = $"given-up-{Guid.NewGuid():n}";
        await using (var queue = await ClientAsync())
        {
            using var giveUp = new CancellationTokenSource();
            var creating = queue.CreateAsync("frozenlake", "4x4-1", new() { InstanceId = name }, giveUp.Token);
            await giveUp.CancelAsync();

            // It may have been faster.
            if (await EndedAsync(() => creating)) await queue.Attach(name).DisposeAsync();
        }

        await Until.TrueAsync("the instance is released", async () => (await reader.FindInstanceAsync(name, Cancel)) is null or { State: "released" }, TimeSpan.FromSeconds(30));
    }

    protected static async Task<SandQueueException> FailureAsync(Func<Task> run) => await Should.ThrowAsync<SandQueueException>(run);

    /// <returns>False where it was cancelled.</returns>
    private static async Task<bool> EndedAsync(Func<Task> run)
    {
        try
        {
            await run();
            return true;
        }
        catch (SandQueueException exception) when (exception.End is not CommandEnd.Unknown)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The real time, which counts how often a limit began.</summary>
    private sealed class CountedTime(TimeSpan limit) : TimeProvider
    {
        private int _count;

        public TimeSpan Limit => limit;

        public int Count => Volatile.Read(ref _count);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == limit) Interlocked.Increment(ref _count);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
