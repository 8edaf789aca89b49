using System.Text;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Workers.Replay;
using SandQueue.Workers.Sweep;
using SandQueue.Workers.Tests.Fakes;
using SandQueue.Workers.Tests.Protocols.AppWorld;
using SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

namespace SandQueue.Workers.Tests.Recovery.Checkpoints;

/// <summary>A whole worker whose instances run real Python and are put down after every third step.</summary>
public sealed class CheckpointRecoveryTests(WorkerStore store) : IClassFixture<WorkerStore>, IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(30);

    private readonly DirectoryInfo _datasets = AppWorldDatasets.Create();
    private readonly PythonRuntime _runtime = new();
    private TestWorker _worker = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private EpisodeCheckpoints Checkpoints => _worker.Get<EpisodeCheckpoints>();

    public async ValueTask InitializeAsync()
    {
        _worker = await StartAsync();
        var made = await _worker.SendAsync(_worker.NewCreate(taskId: "1"));
        made.End.ShouldBe(CommandEnd.Completed, made.Detail);
        await RunAsync("token = apis.notes.login()['access_token']");
        await RunAsync("apis.notes.add(text='one', access_token=token)");
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        foreach (var container in _runtime.Started) await container.DisposeAsync();
        _datasets.Delete(recursive: true);
    }

    [Fact]
    public async Task Only_the_steps_after_the_checkpoint_run_again()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        await RunAsync("apis.notes.add(text='two', access_token=token)");
        await KillAsync();

        var seen = await RunAsync("print([note['text'] for note in apis.notes.show()], token[:6], random.random() < 2)");

        seen.ShouldBe("['one', 'two'] token- True\n");
        (await AgentCodeAsync()).ShouldBe(["apis.notes.add(text='two', access_token=token)", "print([note['text'] for note in apis.notes.show()], token[:6], random.random() < 2)"]);
        (await _worker.RowAsync()).State.ShouldBe(InstanceState.Live);
    }

    [Fact]
    public async Task Another_worker_goes_on_from_the_checkpoint_too()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        var command = NewStep("print(token[:6], len(apis.notes.show()))");
        await KillAsync();
        await _worker.CrashAsync();
        await using var next = await StartAsync();

        var reply = await next.SendAsync(command);

        (reply.End, reply.Step()).ShouldBe((CommandEnd.Completed, 4), reply.Detail);
        reply.Observation().ShouldBe("token- 1\n");
        (await AgentCodeAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Scores_are_those_of_an_instance_that_was_never_lost()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        await KillAsync();

        var half = await _worker.SendAsync(_worker.NewEvaluate());
        half.End.ShouldBe(CommandEnd.Completed, half.Detail);
        using (var score = JsonDocument.Parse(half.Answer)) score.RootElement.GetProperty("score").GetDouble().ShouldBe(0.5);

        (await StepAsync("apis.supervisor.complete_task()")).GetProperty("reward").GetDouble().ShouldBe(1);
    }

    [Theory]
    [InlineData("thaws")]
    [InlineData("rerolls")]
    [InlineData("plain")]
    [InlineData("refuses")]
    public async Task A_checkpoint_that_does_not_come_back_the_same_is_thrown_away_and_all_steps_run_again(string flaw)
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        _runtime.Flaws = [flaw];
        await KillAsync();

        (await RunAsync("print(len(apis.notes.show()))")).ShouldBe("1\n");

        (await AgentCodeAsync()).Count.ShouldBe(4);
        (await Checkpoints.FindAsync((await _worker.RowAsync()).EpisodeId, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_checkpoint_that_cannot_be_read_is_thrown_away_too()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        var episode = (await _worker.RowAsync()).EpisodeId;
        await Checkpoints.RemoveAsync((await Checkpoints.FindAsync(episode, Cancel))!, Cancel);
        await Checkpoints.SaveAsync(new Checkpoint { EpisodeId = episode, Step = 3, ImageDigest = _runtime.Digest, State = [1, 2, 3] }, Cancel);
        await KillAsync();

        (await RunAsync("print(token[:6])")).ShouldBe("token-\n");

        (await AgentCodeAsync()).Count.ShouldBe(4);
        (await Checkpoints.FindAsync(episode, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Whether_a_later_step_differs_is_judged_by_a_replay_of_all_steps()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        var seen = await RunAsync("print(object())");
        await KillAsync();

        var reply = await SendAsync("print(1)");

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Failed, CommandReason.Diverged), reply.Detail);
        reply.Detail!.ShouldContain("step 4");
        reply.Detail!.ShouldContain(seen.Trim());
    }

    [Fact]
    public async Task A_checkpoint_goes_with_its_episode()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        var episode = (await _worker.RowAsync()).EpisodeId;
        (await _worker.SendAsync(_worker.NewRelease())).End.ShouldBe(CommandEnd.Completed);

        await _worker.Get<IdleSweep>().RunAsync(Cancel);

        (await Checkpoints.FindAsync(episode, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_container_that_dies_of_it_costs_a_try_and_not_the_checkpoint()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        _runtime.Flaws = ["dies"];
        await KillAsync();

        (await RunAsync("print(len(apis.notes.show()))")).ShouldBe("1\n");

        (await AgentCodeAsync()).Count.ShouldBe(4);
        (await Checkpoints.FindAsync((await _worker.RowAsync()).EpisodeId, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_load_that_hangs_is_given_up_and_all_steps_run_again()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        _runtime.Flaws = ["hangs"];
        await KillAsync();
        var step = SendAsync("print(len(apis.notes.show()))");
        await Until.TrueAsync("it hangs", () => Task.FromResult(_runtime.Started.Any(container => container.IsLoading)), Limit);

        store.Time.Advance(CallTimeout);

        (await step).End.ShouldBe(CommandEnd.Completed, (await step).Detail);
        (await AgentCodeAsync()).Count.ShouldBe(4);
        (await Checkpoints.FindAsync((await _worker.RowAsync()).EpisodeId, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_load_that_takes_longer_than_a_rebuild_may_is_given_up_too()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        _runtime.Flaws = ["hangs"];
        await KillAsync();
        await _worker.CrashAsync();
        var limit = CallTimeout / 3;
        await using var next = await StartAsync(("Worker:RebuildTimeout", $"{limit}"));
        var step = next.SendAsync(NewStep("print(len(apis.notes.show()))"));
        await Until.TrueAsync("it hangs", () => Task.FromResult(_runtime.Started.Any(container => container.IsLoading)), Limit);

        store.Time.Advance(limit);

        (await step).End.ShouldBe(CommandEnd.Completed, (await step).Detail);
        (await AgentCodeAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task An_instance_that_does_not_survive_being_put_down_is_rebuilt_and_left_alone()
    {
        _runtime.Flaws = ["spills"];
        await KillAsync();
        await RunAsync("print(token)");
        _runtime.Flaws = [];

        for (var step = 4; step <= 8; step++) await RunAsync($"print({step})");

        (await _worker.SendAsync(_worker.NewDescribe())).End.ShouldBe(CommandEnd.Completed);
        (await AgentCodeAsync()).Count.ShouldBe(8);
        (await Checkpoints.FindAsync((await _worker.RowAsync()).EpisodeId, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task An_instance_whose_checkpoint_fails_does_not_lose_its_place_to_one_that_waits()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        _runtime.Flaws = ["thaws"];
        await KillAsync();

        var step = SendAsync("print(len(apis.notes.show()))");
        var waiting = Enumerable.Range(0, 3).Select(index => _worker.SendAsync(_worker.NewCreate($"waiting-{index}", taskId: "1"))).ToList();

        (await step).End.ShouldBe(CommandEnd.Completed, (await step).Detail);
        (await _worker.SendAsync(_worker.NewRelease())).End.ShouldBe(CommandEnd.Completed);
        (await await Task.WhenAny(waiting)).End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_checkpoint_of_another_image_is_not_used()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        _runtime.Digest = "sha256:another";
        await KillAsync();

        await RunAsync("print(1)");

        (await AgentCodeAsync()).Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_container_an_instance_was_restored_in_ends_with_it()
    {
        await RunAsync("print(token)");
        await CheckpointAsync(3);
        _runtime.Flaws = ["closes"];
        await KillAsync();
        await RunAsync("print(1)");
        var restored = await ServerAsync();

        (await _worker.SendAsync(_worker.NewRelease())).End.ShouldBe(CommandEnd.Completed);
        (await _worker.SendAsync(_worker.NewCreate("other", taskId: "1"))).End.ShouldBe(CommandEnd.Completed);

        await Until.TrueAsync("it ended", () => Task.FromResult(restored.Exited.IsCancellationRequested), Limit);
        (await ServerAsync()).ShouldNotBe(restored);
    }

    [Fact]
    public async Task A_session_that_cannot_be_put_down_is_rebuilt_from_its_first_step()
    {
        await RunAsync("def mine():\n    return 7");

        // Goes through the same mailbox, so whatever was tried is over.
        (await _worker.SendAsync(_worker.NewDescribe())).End.ShouldBe(CommandEnd.Completed);
        (await Checkpoints.FindAsync((await _worker.RowAsync()).EpisodeId, Cancel)).ShouldBeNull();
        await KillAsync();

        (await RunAsync("print(mine())")).ShouldBe("7\n");

        (await AgentCodeAsync()).Count.ShouldBe(4);
    }

    private async Task<TestWorker> StartAsync(params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["Protocol"] = "appworld", ["Image"] = "world", ["Replayable"] = "yes", ["InstancesPerContainer"] = "1", ["CheckpointEvery"] = "3", ["MaxContainers"] = "1", ["CallTimeout"] = $"{CallTimeout}",

            // Tests move the clock by more than a container may be silent.
            ["HealthTimeout"] = "01:00:00",
            ["AppWorld:Datasets"] = _datasets.FullName, ["AppWorld:Outputs"] = PythonContainer.Outputs,
        };
        return await TestWorker.StartAsync(store, served: _runtime, settings: [.. settings.Select(setting => ($"Worker:Environments:fake:{setting.Key}", setting.Value)), .. more]);
    }

    private async Task CheckpointAsync(int step) => await Until.TrueAsync(
        "the checkpoint is there",
        async () => await Checkpoints.FindAsync((await _worker.RowAsync()).EpisodeId, Cancel) is { } kept && kept.Step == step,
        Limit);

    private async Task KillAsync() => await (await ServerAsync()).DisposeAsync();

    /// <summary>What the agent had its server run, without the programs that put it down and up.</summary>
    private async Task<List<string>> AgentCodeAsync() =>
        [.. (await (await ServerAsync()).ExecutedAsync(Cancel)).Where(code => !code.StartsWith("def _sandqueue", StringComparison.Ordinal))];

    /// <summary>The server that holds the instance: of those that live, the one that has run something.</summary>
    private async Task<PythonContainer> ServerAsync()
    {
        foreach (var living in _runtime.Started.Where(container => !container.Exited.IsCancellationRequested))
        {
            try
            {
                if ((await living.ExecutedAsync(Cancel)).Count > 0) return living;
            }
            catch (HttpRequestException)
            {
                // It ends just now.
            }
        }

        throw new InvalidOperationException("no server holds an instance");
    }

    private async Task<string> RunAsync(string code) => (await StepAsync(code)).GetProperty("state")[0].GetProperty("content").GetString()!;

    private async Task<JsonElement> StepAsync(string code)
    {
        var reply = await SendAsync(code);
        reply.End.ShouldBe(CommandEnd.Completed, reply.Detail);
        using var answer = JsonDocument.Parse(reply.Answer);
        return answer.RootElement.Clone();
    }

    private Task<CommandReply> SendAsync(string code) => _worker.SendAsync(NewStep(code));

    private StepInstance NewStep(string code) => _worker.NewStep(Encoding.UTF8.GetString(AgentCode.Message(code)));
}
