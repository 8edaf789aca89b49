using System.Text;
using System.Text.Json;
using SandQueue.ProtocolServers;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols;

namespace SandQueue.Workers.Tests.Protocols.AppWorld;

/// <summary>What is AppWorld's alone: one world a process, processes used again, code in fences, two kinds of reward.</summary>
public sealed class AppWorldProtocolTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly DirectoryInfo _datasets = AppWorldDatasets.Create();
    private readonly AppWorldServer _server = new();
    private ServerContainer _container = null!;
    private IEnvironmentProtocol _protocol = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _container = await ServerContainer.StartAsync(_server);
        _protocol = Protocol(_datasets.FullName);
    }

    public async ValueTask DisposeAsync()
    {
        await _container.DisposeAsync();
        _datasets.Delete(recursive: true);
    }

    [Fact]
    public async Task A_second_world_waits_until_the_first_is_closed()
    {
        var first = await CreateAsync();
        var second = CreateAsync("2");
        await StepAsync(first, "one");
        second.IsCompleted.ShouldBeFalse();

        await first.ReleaseAsync(Cancel);

        (await second).Opening.Length.ShouldBeGreaterThan(0);
        _server.Destroyed.ShouldBe(0);
        _server.Asked.ShouldBe(["/initialize", "/execute one", "/task_completed", "/close", "/initialize"]);
    }

    [Fact]
    public async Task A_process_that_was_left_in_the_middle_of_a_call_is_ended()
    {
        var instance = await CreateAsync();
        using var given = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var step = instance.StepAsync(Message(Fault.Hang), default, given.Token);
        await Until.TrueAsync("the code runs", () => Task.FromResult(_server.Asked.Contains("/execute hang")), Limit);
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(step);
        _container.Exited.IsCancellationRequested.ShouldBeFalse();

        await instance.ReleaseAsync(Cancel);

        _container.Exited.IsCancellationRequested.ShouldBeTrue("the agent's code may still run in it");
        _server.Asked.ShouldNotContain("/close");
    }

    [Fact]
    public async Task A_world_that_does_not_close_ends_with_its_process()
    {
        _server.CannotClose = true;
        var instance = await CreateAsync();
        await instance.ReleaseAsync(Cancel);
        _container.Exited.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task The_prompt_names_the_person_the_time_and_the_task()
    {
        var state = Json((await CreateAsync()).Opening).GetProperty("state");
        state[0].GetProperty("content").GetString()!.ShouldContain("apis.api_docs");
        state[1].GetProperty("content").GetString().ShouldBe("You work for: Ada Byron\nEmail: ada@example.com\nPhone number: 5550100\nThe time is: 2023-05-18T12:00:00\n\nYour task: v1: task 1");
    }

    [Fact]
    public async Task A_caller_can_word_the_prompt()
    {
        var instance = await CreateAsync(parameters: """{"prompt_template":{"system":"Code!","user":"{{instruction}}"}}""");
        Json(instance.Opening).GetProperty("state").EnumerateArray().Select(message => message.GetProperty("content").GetString()).ShouldBe(["Code!", "v1: task 1"]);
    }

    [Theory]
    [InlineData("```python\na\n```", "a")]
    [InlineData("Words.\n```py\na\nb\n```\nMore `words`.", "a\nb")]
    [InlineData("```python\na\n```\nthen\n```python\nb\n```", "a\n\nb")]
    [InlineData("```json\n{}\n```\n```python\na\n```", "a")]
    [InlineData("```\na\n```", "a")]
    [InlineData("```python\nprint('```')\n```", "print('```')")]
    [InlineData("```python\na = 1\nprint(a)", "a = 1\nprint(a)")]
    [InlineData("```python\r\na\r\n```\r\n", "a")]
    public async Task What_is_fenced_as_Python_is_run(string content, string code)
    {
        var instance = await CreateAsync();
        await instance.StepAsync(Content(content), default, Cancel);
        _server.Asked.ShouldContain($"/execute {code}");
    }

    [Theory]
    [InlineData("no code")]
    [InlineData("`a`")]
    [InlineData("```json\n{}\n```")]
    [InlineData("")]
    public async Task A_message_without_code_is_answered_and_nothing_is_run(string content)
    {
        var instance = await CreateAsync();
        var step = Json(await instance.StepAsync(Content(content), default, Cancel));
        step.GetProperty("state")[0].GetProperty("content").GetString()!.ShouldContain("```python");
        step.GetProperty("info").GetProperty("problem").GetString().ShouldBe("no_code");
        _server.Asked.ShouldBe(["/initialize"]);
    }

    [Fact]
    public async Task Native_tool_calls_are_answered_each()
    {
        var instance = await CreateAsync();
        var step = Json(await instance.StepAsync(Utf8("""{"tool_calls":[{"id":"x","function":{"name":"f"}},{"id":"y","function":{"name":"g"}}]}"""), default, Cancel));
        step.GetProperty("info").GetProperty("tool_messages").EnumerateArray().Select(message => message.GetProperty("tool_call_id").GetString()).ShouldBe(["x", "y"]);
    }

    [Theory]
    [InlineData("", "", 0.5)]
    [InlineData("", """{"sparse":true}""", 0)]
    [InlineData("""{"sparse":true}""", "", 0)]
    public async Task The_last_step_gives_the_reward_dense_unless_sparse_is_asked_for(string create, string step, double reward)
    {
        var instance = await CreateAsync(parameters: create);
        var last = Json(await instance.StepAsync(Message(Game.End), Utf8(step), Cancel));
        (last.GetProperty("reward").GetDouble(), last.GetProperty("is_terminated").GetBoolean()).ShouldBe((reward, true));
        last.GetProperty("info").GetProperty("end_reason").GetString().ShouldBe("completed");
    }

    [Theory]
    [InlineData("""{"sparse":"yes"}""", "params.sparse must be true or false, not \"yes\"")]
    [InlineData("""{"Sparse":true}""", "game takes no params.Sparse (did you mean sparse?); there is max_steps, prompt_template, seed, sparse")]
    [InlineData("""{"prompt_template":{"sytem":"x"}}""", "there is no params.prompt_template.sytem")]
    public async Task What_a_create_does_not_take_is_refused(string parameters, string said)
    {
        (await Should.ThrowAsync<EnvironmentRejectedException>(() => CreateAsync(parameters: parameters))).Message.ShouldContain(said);
        _server.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_step_whose_sparse_is_no_boolean_is_refused_and_nothing_is_run()
    {
        var instance = await CreateAsync();
        await Should.ThrowAsync<EnvironmentRejectedException>(instance.StepAsync(Message("a"), Utf8("""{"sparse":1}"""), Cancel));
        _server.Asked.ShouldBe(["/initialize"]);
    }

    [Fact]
    public async Task An_evaluation_is_sparse_or_says_which_tests_passed()
    {
        var instance = await CreateAsync();
        await StepAsync(instance, Game.Good);

        var half = Json(await instance.EvaluateAsync(default, default, Cancel));
        (half.GetProperty("score").GetDouble(), half.GetProperty("success").GetBoolean(), half.GetProperty("failures").GetArrayLength()).ShouldBe((0.5, false, 1));
        Encoding.UTF8.GetString((await instance.EvaluateAsync(default, Utf8("""{"sparse":true}"""), Cancel)).Span).ShouldBe("0.0");

        await StepAsync(instance, Game.End);
        Encoding.UTF8.GetString((await instance.EvaluateAsync(default, Utf8("""{"sparse":true}"""), Cancel)).Span).ShouldBe("1.0");
    }

    [Fact]
    public async Task Task_lists_are_the_data_folders()
    {
        File.WriteAllText(Path.Combine(_datasets.FullName, "test_normal.txt"), "t\n");
        File.WriteAllText(Path.Combine(_datasets.FullName, "another.txt"), "a\n");

        var described = Json(await _protocol.DescribeAsync(_container, "game", Cancel));

        described.GetProperty("splits").EnumerateObject().Select(split => (split.Name, split.Value.GetInt32())).ShouldBe([("train", 3), ("test_normal", 1), ("another", 1)]);
        described.GetProperty("data_hash").GetString()!.ShouldMatch("^[0-9a-f]{64}$");
        Encoding.UTF8.GetString((await _protocol.ListTasksAsync(_container, "game", "train", Cancel)).Span).ShouldBe("""["1","2","666"]""");
    }

    [Theory]
    [InlineData("", "Data")]
    [InlineData("/nowhere/at/all", "/nowhere/at/all")]
    public async Task Without_task_lists_the_environment_cannot_be_served(string folder, string part) =>
        (await Should.ThrowAsync<ContainerException>(async () => await Protocol(folder).DescribeAsync(_container, "game", Cancel))).Message.ShouldContain(part);

    [Fact]
    public async Task A_task_of_no_list_is_refused_and_one_that_was_listed_since_is_not()
    {
        (await Should.ThrowAsync<EnvironmentRejectedException>(() => CreateAsync("3"))).Message.ShouldContain("no task '3'");
        _server.Asked.ShouldBeEmpty();

        await File.AppendAllTextAsync(Path.Combine(_datasets.FullName, "train.txt"), "3\n", Cancel);

        (await CreateAsync("3")).Opening.Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_the_server_needs_to_know_is_sent()
    {
        await CreateAsync(parameters: """{"seed":42}""");
        _server.Bodies.First().ShouldBe("""{"task_id":"1","experiment_name":"sandqueue","max_interactions":50,"random_seed":42}""");
    }

    [Fact]
    public async Task Checkpoints_count_against_no_limit_of_the_servers()
    {
        await Protocol(_datasets.FullName, most: null, checkpointEvery: 10).CreateAsync(_container, new NewInstance("game", "1", "e1", default), Cancel);
        _server.Bodies.First().ShouldContain("\"max_interactions\":1000000000");
    }

    private static IEnvironmentProtocol Protocol(string datasets, int? most = 50, int checkpointEvery = 0) => new EnvironmentProtocols(TimeProvider.System).Create(
        "game",
        new EnvironmentOptions { Protocol = "appworld", CheckpointEvery = checkpointEvery, AppWorld = new AppWorldOptions { Datasets = datasets, MaxInteractions = most } });

    private Task<IEnvironmentInstance> CreateAsync(string task = "1", string parameters = "") =>
        _protocol.CreateAsync(_container, new NewInstance("game", task, "e1", Utf8(parameters)), Cancel).WaitAsync(Limit, Cancel);

    private static Task<ReadOnlyMemory<byte>> StepAsync(IEnvironmentInstance instance, string code) => instance.StepAsync(Message(code), default, Cancel).WaitAsync(Limit, Cancel);

    private static ReadOnlyMemory<byte> Message(string code) => Content($"```python\n{code}\n```");

    private static ReadOnlyMemory<byte> Content(string content) => Utf8($$"""{"role":"assistant","content":{{JsonSerializer.Serialize(content)}}}""");

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static JsonElement Json(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
