using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.ProtocolServers;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Workers.Replay;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Protocols;

/// <summary>A whole worker on servers of a protocol: what was lost is made again from the journal, and proven to be the same.</summary>
public abstract class ReplayContract(WorkerStore store)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The settings of the environment, without their section.</summary>
    protected abstract Dictionary<string, string> Settings { get; }

    protected abstract GameServer NewServer();

    protected virtual string Say(string text) => text;

    [Fact]
    public async Task A_lost_container_is_made_good_by_replay()
    {
        var runtime = new ServerRuntime(NewServer);
        await using var worker = await StartAsync(runtime);
        await StepAsync(worker, "one");
        await StepAsync(worker, "two");
        await runtime.Started.Last().DisposeAsync();

        var reply = await StepAsync(worker, "three");

        (reply.Step(), runtime.Started.Count).ShouldBe((3, 2));
        reply.Observation().ShouldBe("v1: turn 3 of task 1: three");
    }

    [Fact]
    public async Task A_session_lost_in_the_middle_fails_its_step_and_the_next_goes_on()
    {
        var runtime = new ServerRuntime(NewServer);
        await using var worker = await StartAsync(runtime);
        await StepAsync(worker, "one");

        var failing = SendAsync(worker, Fault.Cut);
        await Until.TrueAsync(
            "its container had its time to exit",
            () =>
            {
                store.Time.Advance(TimeSpan.FromSeconds(1));
                return failing.IsCompleted;
            },
            Limit);
        var failed = await failing;
        var reply = await StepAsync(worker, "two");

        (failed.End, failed.Detail!.Contains("rebuilt", StringComparison.Ordinal)).ShouldBe((CommandEnd.Failed, true), failed.Detail);
        (reply.Step(), reply.Observation()).ShouldBe((2, "v1: turn 2 of task 1: two"));
    }

    [Fact]
    public async Task A_step_that_hangs_expires_with_its_command_and_the_next_goes_on()
    {
        var runtime = new ServerRuntime(NewServer);
        await using var worker = await StartAsync(runtime);
        await StepAsync(worker, "one");
        var hanging = SendAsync(worker, Fault.Hang);
        await HangsAsync(runtime, 1);

        store.Time.Advance(TimeSpan.FromMinutes(1));

        (await hanging).End.ShouldBe(CommandEnd.Expired);
        (await StepAsync(worker, "two")).Observation().ShouldBe("v1: turn 2 of task 1: two");
    }

    [Fact]
    public async Task What_hangs_again_alone_in_its_container_is_the_agents_own_doing()
    {
        var runtime = new ServerRuntime(NewServer);
        await using var worker = await StartAsync(runtime, more: ("CallTimeout", "00:00:10"));
        await StepAsync(worker, "one");
        var hanging = SendAsync(worker, Fault.Hang);
        for (var hung = 1; hung <= 2; hung++)
        {
            await HangsAsync(runtime, hung);
            store.Time.Advance(TimeSpan.FromSeconds(10));
        }

        var reply = await hanging;

        (reply.End, reply.Step()).ShouldBe((CommandEnd.Completed, 2), reply.Detail);
        reply.Observation().ShouldContain("did not end within 10 s");
        (await StepAsync(worker, "two")).Observation().ShouldBe("v1: turn 2 of task 1: two");
    }

    [Fact]
    public async Task A_server_that_answers_otherwise_ends_the_instance_and_shows_both()
    {
        var version = "v1";
        var runtime = new ServerRuntime(() =>
        {
            var server = NewServer();
            server.Version = version;
            return server;
        });
        await using var worker = await StartAsync(runtime);
        await StepAsync(worker, "one");
        version = "v2";
        await runtime.Started.Last().DisposeAsync();

        var reply = await SendAsync(worker, "two");

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Failed, CommandReason.Diverged), reply.Detail);
        reply.Detail!.ShouldContain("v1: task 1");
        reply.Detail!.ShouldContain("v2: task 1");
    }

    [Theory]
    [InlineData("python/1", true)]
    [InlineData("exact/1", false)]
    public async Task What_Python_prints_differently_every_time_is_compared_under_the_declared_form(string form, bool same)
    {
        var runtime = new ServerRuntime(NewServer);
        await using var worker = await StartAsync(runtime, form);
        var printed = (await StepAsync(worker, Game.Where)).Observation();
        await runtime.Started.Last().DisposeAsync();

        var reply = await SendAsync(worker, "on");

        printed.ShouldContain("0x7f");
        reply.End.ShouldBe(same ? CommandEnd.Completed : CommandEnd.Failed, reply.Detail);
        reply.Reason.ShouldBe(same ? CommandReason.None : CommandReason.Diverged);
        (await worker.RowAsync()).State.ShouldBe(same ? InstanceState.Live : InstanceState.Diverged);
    }

    [Fact]
    public async Task An_evaluation_says_how_the_episode_ended_as_the_step_did()
    {
        if (!EvaluatesInDetail) return;
        var runtime = new ServerRuntime(NewServer);
        await using var worker = await StartAsync(runtime, parameters: """{"max_steps":2}""");
        await StepAsync(worker, "one");
        var (going, step) = (await EvaluateAsync(worker), (await StepAsync(worker, "two")).Json().GetProperty("info"));
        var ended = await EvaluateAsync(worker);
        await runtime.Started.Last().DisposeAsync();
        var rebuilt = await EvaluateAsync(worker);

        (step.GetProperty("end_reason").GetString(), step.GetProperty("truncated").GetBoolean()).ShouldBe(("max_steps", true));
        going.ShouldBe((null, false));
        ended.ShouldBe(("max_steps", true));
        rebuilt.ShouldBe(ended);
        runtime.Started.Count.ShouldBe(2);
    }

    /// <summary>Whether its evaluations are objects; AgentScope's images answer a number whatever they are asked.</summary>
    protected virtual bool EvaluatesInDetail => true;

    private static Task HangsAsync(ServerRuntime runtime, int times) => Until.TrueAsync(
        "servers hang",
        () => Task.FromResult(runtime.Started.Sum(container => container.Server.Asked.Count(asked => asked.EndsWith(Fault.Hang, StringComparison.Ordinal))) == times),
        Limit);

    private async Task<TestWorker> StartAsync(ServerRuntime runtime, string form = "exact/1", string parameters = "", params (string Key, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(Settings) { ["Image"] = "game", ["Replayable"] = "yes", ["CanonicalForm"] = form, ["InstancesPerContainer"] = "1" };
        foreach (var (key, value) in more) settings[key] = value;
        var worker = await TestWorker.StartAsync(
            store, served: runtime, settings: [.. settings.Select(setting => ($"Worker:Environments:fake:{setting.Key}", setting.Value))]);
        var made = await worker.SendAsync(worker.NewCreate(taskId: "1", parameters: parameters));
        made.End.ShouldBe(CommandEnd.Completed, made.Detail);
        return worker;
    }

    private Task<CommandReply> SendAsync(TestWorker worker, string text) =>
        worker.SendAsync(worker.NewStep($$"""{"role":"assistant","content":{{JsonSerializer.Serialize(Say(text))}}}"""));

    private static async Task<(string? Reason, bool Truncated)> EvaluateAsync(TestWorker worker)
    {
        var reply = await worker.SendAsync(worker.NewEvaluate());
        reply.End.ShouldBe(CommandEnd.Completed, reply.Detail);
        return (reply.Json().GetProperty("end_reason").GetString(), reply.Json().GetProperty("truncated").GetBoolean());
    }

    private async Task<CommandReply> StepAsync(TestWorker worker, string text)
    {
        var reply = await SendAsync(worker, text);
        reply.End.ShouldBe(CommandEnd.Completed, reply.Detail);
        return reply;
    }
}
