using System.Text;
using System.Text.Json;
using SandQueue.ProtocolServers;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols;

namespace SandQueue.Workers.Tests.Protocols;

/// <summary>
/// What a worker may rely on whatever an environment's server speaks. A suite is one class that derives from this one
/// and says which server it is, and how an agent writes to it.
/// </summary>
public abstract class ProtocolContract : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly List<IAsyncDisposable> _containers = [];
    private IEnvironmentProtocol? _protocol;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A server of the protocol, of the shape that its images have.</summary>
    protected abstract GameServer NewServer(int capacity = 1);

    private protected abstract EnvironmentOptions Options { get; }

    /// <summary>The task that Create is told; its number in the game is 1.</summary>
    protected virtual string Task1 => "1";

    /// <summary>How long a Create in a full container is given before its caller gives up.</summary>
    protected virtual TimeSpan FullLimit => TimeSpan.FromSeconds(10);

    /// <summary>How a message holds what the agent says.</summary>
    protected virtual string Say(string text) => text;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var container in _containers) await container.DisposeAsync();
    }

    [Fact]
    public async Task An_episode_has_the_one_shape()
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        var opening = Opening.Compose(instance.Opening, "mine", Task1, container.ImageDigest, CanonicalForm.Exact);

        var first = await StepAsync(instance, Game.Good);
        var last = await StepAsync(instance, Game.End);
        var details = await instance.EvaluateAsync(default, Utf8("""{"sparse":false}"""), Cancel);
        var sparse = EvaluationAnswer.Compose(await instance.EvaluateAsync(default, Utf8("""{"sparse":true}"""), Cancel), last.End, opening.Provenance);
        var described = await instance.DescribeAsync(default, default, Cancel);
        await instance.ReleaseAsync(Cancel);

        Json(opening.Answer).GetProperty("state").EnumerateArray().Select(message => message.GetProperty("role").GetString()).ShouldBe(["system", "user"]);
        Text(opening.Answer).ShouldContain("v1: task 1");
        Text(first.Answer).ShouldContain("v1: turn 1 of task 1: good");
        (first.EndReason, last.EndReason).ShouldBe((null, last.EndReason));
        last.EndReason.ShouldNotBeNull();
        Json(details).ValueKind.ShouldBeOneOf(JsonValueKind.Object, JsonValueKind.Number);
        sparse.Reward.ShouldNotBeNull().ShouldBeGreaterThan(0);
        Json(described).ValueKind.ShouldNotBe(JsonValueKind.Undefined);
    }

    [Fact]
    public async Task It_says_what_it_serves_and_lists_tasks_by_split()
    {
        var (protocol, container) = await StartAsync();

        var described = Json(await protocol.DescribeAsync(container, "game", Cancel));
        var tasks = Json(await protocol.ListTasksAsync(container, "game", "train", Cancel));

        described.GetProperty("env_type").GetString().ShouldBe("game");
        described.GetProperty("tasks").GetInt32().ShouldBe(tasks.GetArrayLength());
        described.GetProperty("unlimited").GetBoolean().ShouldBeFalse();
        described.GetProperty("data_source").GetString().ShouldNotBeNullOrEmpty();
        described.GetProperty("problems").GetArrayLength().ShouldBe(0);
        described.GetProperty("replayable").GetString().ShouldBe("yes");
        tasks.EnumerateArray().Select(task => task.GetString()).ShouldContain(Task1);
        (await Should.ThrowAsync<EnvironmentRejectedException>(protocol.ListTasksAsync(container, "game", "nope", Cancel))).Message.ShouldContain("split");
    }

    [Fact]
    public async Task The_same_task_opens_with_the_same_bytes_in_another_container()
    {
        var (protocol, container) = await StartAsync();
        var (_, other) = await StartAsync();
        Answer(await CreateAsync(protocol, other, "e2-1-1")).ShouldBe(Answer(await CreateAsync(protocol, container)));

        string Answer(IEnvironmentInstance made) => Text(Opening.Compose(made.Opening, "mine", Task1, "sha256:1", CanonicalForm.Exact).Answer);
    }

    [Theory]
    [InlineData("1000")]
    [InlineData(Game.RefusedTask)]
    [InlineData("no such task")]
    public async Task A_wrong_task_is_refused_and_the_container_goes_on(string task)
    {
        var (protocol, container) = await StartAsync();

        (await Should.ThrowAsync<EnvironmentRejectedException>(CreateAsync(protocol, container, task: task))).Message.ShouldContain("task");

        await PlaysAsync(await CreateAsync(protocol, container));
        container.Exited.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_wrong_action_is_an_observation_and_the_episode_goes_on()
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);

        var wrong = await StepAsync(instance, Game.Wrong);

        (wrong.Reward, wrong.EndReason).ShouldBe((0, null));
        Text(wrong.Answer).ShouldContain("wrong");
        Text((await StepAsync(instance, "on")).Answer).ShouldContain("turn 1 of task 1: on");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"content\":")]
    public async Task What_is_no_message_is_the_callers_mistake(string action)
    {
        if (!ReadsMessages) return;
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        await Should.ThrowAsync<EnvironmentRejectedException>(instance.StepAsync(Utf8(action), default, Cancel));
        await PlaysAsync(instance);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_an_observation_and_the_episode_goes_on()
    {
        if (!ReadsMessages) return;
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);

        var large = await StepAsync(instance, new string('x', 1_000_001));

        (large.Reward, large.EndReason).ShouldBe((0, null));
        Text(large.Answer).ShouldContain("1,000,000 are the most");
        await PlaysAsync(instance);
    }

    [Theory]
    [InlineData("\"yes\"")]
    [InlineData("1")]
    [InlineData("[]")]
    public async Task A_sparse_that_is_no_boolean_is_the_callers_mistake(string sparse)
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);

        var refused = await Should.ThrowAsync<EnvironmentRejectedException>(async () => await instance.EvaluateAsync(default, Utf8($$"""{"sparse":{{sparse}}}"""), Cancel));

        refused.Message.ShouldContain("params.sparse must be true or false, not ");
        await PlaysAsync(instance);
    }

    [Theory]
    [InlineData("é ✓ \\\"quoted\\\"", "é ✓")]
    [InlineData("half \\ud83d of a pair", "half")]
    [InlineData("nul \\u0000", "nul")]
    public async Task Odd_text_gets_through(string escaped, string part)
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        var action = JsonSerializer.Serialize(Say("PLACE")).Replace("PLACE", escaped, StringComparison.Ordinal);
        if (!ReadsMessages && escaped.Contains("ud83d", StringComparison.Ordinal)) return;

        var answer = StepAnswer.Compose(await instance.StepAsync(Utf8($$"""{"role":"assistant","content":{{action}}}"""), default, Cancel), 1, null, CanonicalForm.Exact);

        Json(answer.Answer).GetProperty("state")[0].GetProperty("content").GetString().ShouldNotBeNull().ShouldContain(part);
    }

    [Theory]
    [InlineData(Fault.Cut, "did not answer")]
    [InlineData(Fault.Huge, "1048576")]
    [InlineData(Fault.Garbage, "cannot be read")]
    public async Task A_broken_answer_is_a_failure_and_another_instance_can_be_made(string fault, string detail)
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        await StepAsync(instance, "one");

        (await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(instance, fault))).Message.ShouldContain(detail);

        await ReleaseAsync(instance);
        await PlaysAsync(await CreateAsync(protocol, await NextAsync(container), "e1-1-2"));
    }

    [Fact]
    public async Task A_container_that_exits_meanwhile_is_a_failure()
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        var step = StepAsync(instance, Fault.Hang);
        await AskedAsync(container, Fault.Hang);

        await container.DisposeAsync();

        (await Should.ThrowAsync<EnvironmentFailedException>(step)).Message.ShouldContain("exited");
        await ReleaseAsync(instance);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_not_kept_by_a_server_that_hangs()
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var step = instance.StepAsync(Message(Fault.Hang), default, given.Token);
        await AskedAsync(container, Fault.Hang);

        await given.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(step.WaitAsync(Limit, Cancel));
        await ReleaseAsync(instance);
        await PlaysAsync(await CreateAsync(protocol, await NextAsync(container), "e1-1-2"));
    }

    [Fact]
    public async Task An_answer_that_comes_after_its_caller_gave_up_is_nobody_elses()
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var step = instance.StepAsync(Message(Fault.Slow), default, given.Token);
        await AskedAsync(container, Fault.Slow);
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(step.WaitAsync(Limit, Cancel));

        container.Server.AnswerSlowly();

        // A worker makes a fresh instance at this point; one that is used all the same must not get that answer.
        try
        {
            Text((await StepAsync(instance, "next")).Answer).ShouldContain(": next");
        }
        catch (EnvironmentFailedException exception)
        {
            exception.Message.ShouldNotBeEmpty();
        }

        await ReleaseAsync(instance);
    }

    [Fact]
    public async Task A_full_container_refuses_one_more_and_the_others_go_on()
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        given.CancelAfter(FullLimit);

        var refused = await Should.ThrowAsync<Exception>(protocol.CreateAsync(container, NewInstance("e1-1-2"), given.Token).WaitAsync(Limit, Cancel));

        (refused is EnvironmentFailedException or OperationCanceledException).ShouldBeTrue(refused.ToString());
        await PlaysAsync(instance);
        await ReleaseAsync(instance);
        await PlaysAsync(await CreateAsync(protocol, await NextAsync(container), "e1-1-3"));
    }

    [Fact]
    public async Task Places_are_used_again_and_again()
    {
        var (protocol, container) = await StartAsync();
        for (var index = 0; index < 20; index++)
        {
            var instance = await CreateAsync(protocol, container, $"e{index}-1-1");
            Text((await StepAsync(instance, "hello")).Answer).ShouldContain("turn 1 of task 1: hello");
            await instance.ReleaseAsync(Cancel);
        }

        container.Exited.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_container_that_its_worker_has_ended_is_a_failure()
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        await container.DisposeAsync();

        await Should.ThrowAsync<EnvironmentFailedException>(() => StepAsync(instance, "look"));
        await Should.ThrowAsync<EnvironmentFailedException>(() => CreateAsync(protocol, container, "e2-1-1"));
    }

    [Fact]
    public async Task Releasing_what_is_gone_is_no_error()
    {
        var (protocol, container) = await StartAsync();
        var instance = await CreateAsync(protocol, container);
        await instance.ReleaseAsync(Cancel);
        await instance.ReleaseAsync(Cancel);

        var (_, next) = await StartAsync();
        var last = await CreateAsync(protocol, next);
        await next.DisposeAsync();
        await last.ReleaseAsync(Cancel);
    }

    [Fact]
    public async Task Readiness_is_waited_for_and_can_be_given_up()
    {
        var (protocol, container) = await StartAsync();
        await protocol.WaitUntilReadyAsync(container, Cancel).WaitAsync(Limit, Cancel);
        await container.Server.DisposeAsync();
        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await Should.ThrowAsync<OperationCanceledException>(protocol.WaitUntilReadyAsync(container, given.Token).WaitAsync(Limit, Cancel));
    }

    /// <summary>Whether the adapter reads the agent's message, or hands it on as it is.</summary>
    protected virtual bool ReadsMessages => true;

    private protected virtual Task<(IEnvironmentProtocol Protocol, ServerContainer Container)> StartAsync() => StartAsync(NewServer());

    private protected async Task<(IEnvironmentProtocol Protocol, ServerContainer Container)> StartAsync(GameServer server)
    {
        var container = await ServerContainer.StartAsync(server);
        _containers.Add(container);
        _protocol ??= new EnvironmentProtocols(TimeProvider.System).Create("game", Options);
        return (_protocol, container);
    }

    private protected Task<IEnvironmentInstance> CreateAsync(IEnvironmentProtocol protocol, ServerContainer container, string innerId = "e1-1-1", string? task = null, string parameters = "") =>
        protocol.CreateAsync(container, NewInstance(innerId, task, parameters), Cancel).WaitAsync(Limit, Cancel);

    private protected async Task<StepAnswer> StepAsync(IEnvironmentInstance instance, string text) =>
        StepAnswer.Compose(await instance.StepAsync(Message(text), default, Cancel).WaitAsync(Limit, Cancel), 1, null, CanonicalForm.Exact);

    protected ReadOnlyMemory<byte> Message(string text) => Utf8($$"""{"role":"assistant","content":{{JsonSerializer.Serialize(Say(text))}}}""");

    protected static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    protected static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    protected static JsonElement Json(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private protected static async Task AskedAsync(ServerContainer container, string text) => await Until.TrueAsync(
        $"the server gets '{text}'", () => Task.FromResult(container.Server.Asked.Any(asked => asked.EndsWith(text, StringComparison.Ordinal))), Limit);

    /// <summary>The container, or another where its protocol ended it.</summary>
    private protected async Task<ServerContainer> NextAsync(ServerContainer container) =>
        container.Exited.IsCancellationRequested ? (await StartAsync()).Container : container;

    private async Task PlaysAsync(IEnvironmentInstance instance) => Text((await StepAsync(instance, "still here")).Answer).ShouldContain("of task 1: still here");

    /// <summary>As an owner frees what it has lost: whatever comes of it.</summary>
    private protected static async Task ReleaseAsync(IEnvironmentInstance instance)
    {
        try
        {
            await instance.ReleaseAsync(Cancel).WaitAsync(Limit, Cancel);
        }
        catch (Exception exception) when (exception is EnvironmentFailedException or EnvironmentRejectedException)
        {
            // It is gone, and that is what was wanted.
        }
    }

    private NewInstance NewInstance(string innerId, string? task = null, string parameters = "") => new("game", task ?? Task1, innerId, Utf8(parameters));
}
