using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Testing;

namespace SandQueue.Gateway.Tests.Mcp;

/// <summary>How sessions begin and end where something goes wrong meanwhile.</summary>
public sealed class SessionLifetimeTests
{
    private const string Open = """{"env_type":"lake","task_id":"a"}""";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static TheoryData<string, int, string> Failures => new()
    {
        { "unknown", 504, "unknown_end" },
        { "full", 503, "no_capacity" },
        { "failed", 500, "environment_failed" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_session_whose_instance_cannot_be_released_goes_on_and_can_be_ended_again(string kind, int status, string code)
    {
        await using var server = await StartedAsync();
        await server.BeginAsync();
        (await server.CallAsync("open_task", Open)).TryGetProperty("isError", out _).ShouldBeFalse();
        var instance = server.Router.Sent.OfType<CreateInstance>().Single().InstanceId;
        server.ReleaseFailure = Failure(kind);

        var (told, body) = await server.EndAsync();

        told.ShouldBe(status, body);
        var error = JsonElement.Parse(body).GetProperty("error");
        error.GetProperty("message").GetString()!.ShouldStartWith($"instance '{instance}' could not be released: ");
        error.GetProperty("data").GetProperty("code").GetString().ShouldBe(code);
        (await server.ToolsAsync()).ShouldContain("move", "the session goes on");

        server.ReleaseFailure = null;
        (await server.EndAsync()).Status.ShouldBe(200);
        var releases = server.Router.Sent.OfType<ReleaseInstance>().ToList();
        releases.ShouldAllBe(release => release.InstanceId == instance && release.Tenant == "mine");
        releases.Select(release => release.CommandId).Distinct().Count().ShouldBe(2, "what failed must not be the answer of the next");
        await IsOverAsync(server);
    }

    [Theory]
    [InlineData("released")]
    [InlineData("lost")]
    public async Task A_session_whose_instance_is_gone_ends(string kind)
    {
        await using var server = await StartedAsync();
        await server.BeginAsync();
        await server.CallAsync("open_task", Open);
        server.ReleaseFailure = Failure(kind);

        (await server.EndAsync()).Status.ShouldBe(200);
        await IsOverAsync(server);
    }

    [Fact]
    public async Task A_release_that_fails_is_told_and_the_task_stays_open()
    {
        await using var server = await StartedAsync();
        await server.BeginAsync();
        await server.CallAsync("open_task", Open);
        server.ReleaseFailure = Failure("failed");

        var failed = await server.CallAsync("release");

        failed.GetProperty("isError").GetBoolean().ShouldBeTrue();
        failed.GetProperty("structuredContent").GetProperty("code").GetString().ShouldBe("environment_failed");
        (await server.ToolsAsync()).ShouldContain("move");
        server.ReleaseFailure = null;
        (await server.CallAsync("release")).TryGetProperty("isError", out _).ShouldBeFalse();
        (await server.ToolsAsync()).ShouldContain("open_task");
    }

    [Fact]
    public async Task A_caller_that_hangs_up_while_its_first_task_is_opened_leaves_neither_an_instance_nor_a_session()
    {
        await using var server = await StartedAsync(mostSessions: 1);
        var answer = server.Router.Answer;
        server.Router.Answer = async command =>
        {
            if (command is CreateInstance) await Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken);
            return await answer(command);
        };
        using var hangUp = new CancellationTokenSource();
        var beginning = server.InitializeAsync(hangUp.Token, ("SandQueue-Environment", "lake"), ("SandQueue-Task", "a"));
        await Until.TrueAsync("the task is being opened", () => server.Router.Sent.OfType<CreateInstance>().Any(), Limit);

        await hangUp.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => beginning);
        await Until.TrueAsync("it is given up", () => server.Router.Undelivered.OfType<CreateInstance>().Any(), Limit);
        var create = server.Router.Undelivered.OfType<CreateInstance>().ShouldHaveSingleItem();
        create.HasNoIdempotencyKey.ShouldBeTrue("the router releases what it makes");
        await server.BeginAsync();
        (await server.ToolsAsync()).ShouldContain("open_task", "there is room for another session");
    }

    private static async Task IsOverAsync(McpServer server) =>
        (await server.AskAsync("tools/list")).GetProperty("error").GetProperty("code").GetInt32().ShouldBe(-32001, "the session has ended");

    private static CommandOutcome Failure(string kind) => kind switch
    {
        "full" => new CommandOutcome.Rejected(CommandReason.NoCapacity, "no living worker serves it now"),
        "failed" => new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "it broke", FailureCause.Infrastructure),
        "released" => new CommandOutcome.Rejected(CommandReason.Released, "it was released"),
        "lost" => new CommandOutcome.Failed(CommandReason.Lost, "it is lost", FailureCause.Infrastructure),
        _ => new CommandOutcome.Unknown(),
    };

    private static async Task<McpServer> StartedAsync(int mostSessions = 10)
    {
        var server = new McpServer { MostSessions = mostSessions };
        await server.InitializeAsync();
        return server;
    }
}
