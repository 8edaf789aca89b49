using System.Net;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Security;

public sealed class ApiKeyTests(ApiKeyTests.ProgramWithKeys program) : IClassFixture<ApiKeyTests.ProgramWithKeys>
{
    private const string Step = """{"instance_id":"x","messages":{"role":"assistant","content":"left"}}""";

    [Theory]
    [InlineData("/get_env_profile", """{"env_type":"frozenlake"}""")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0"}""")]
    [InlineData("/step", Step)]
    [InlineData("/evaluate", """{"instance_id":"x"}""")]
    [InlineData("/get_info", """{"instance_id":"x"}""")]
    [InlineData("/release", """{"instance_id":"x"}""")]
    [InlineData("/create_from_pool", """{"sandbox_type":"bfcl"}""")]
    [InlineData("/call_tool", """{"identity":"x","tool_name":"get_task_ids","arguments":{"env_type":"frozenlake"}}""")]
    [InlineData("/list_tools", """{"identity":"x"}""")]
    [InlineData("/nowhere", "{}")]
    public async Task A_call_without_a_key_or_with_a_wrong_one_is_401(string path, string body)
    {
        using var wrong = program.WithKey("wrong");
        foreach (var caller in (Caller[])[program.WithoutKey, wrong])
        {
            var answer = await caller.PostAsync(path, body);
            answer.DetailOf(HttpStatusCode.Unauthorized).ShouldContain("Authorization: Bearer");
            answer.Headers["WWW-Authenticate"].ShouldBe("Bearer");
        }
    }

    [Fact]
    public async Task Health_is_told_to_everyone()
    {
        (await program.WithoutKey.GetAsync("/healthz")).Body.ShouldBe("OK");
        (await program.WithoutKey.GetAsync("/health")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task To_every_other_key_an_instance_does_not_exist()
    {
        using var mine = program.WithKey("key-one");
        using var theirs = program.WithKey("key-two");
        await mine.CreateAsync("frozenlake", "4x4-0", "shared name");
        (await theirs.StepAsync("shared name", "left")).DetailOf(HttpStatusCode.NotFound).ShouldContain("there is no instance");
        (await theirs.ReleaseAsync("shared name")).Json.GetProperty("success").GetBoolean().ShouldBeFalse();

        // The same name is free for them, and means another instance.
        (await theirs.CreateAsync("frozenlake", "8x8-0", "shared name")).Data.GetProperty("info").Text("task_id").ShouldBe("8x8-0");
        (await mine.StepAsync("shared name", "left")).Data.StepNumber().ShouldBe(1);
        (await theirs.StepAsync("shared name", "left")).Data.StepNumber().ShouldBe(1);
    }

    [Fact]
    public async Task Nor_do_its_sandboxes_and_idempotency_keys()
    {
        using var mine = program.WithKey("key-one");
        using var theirs = program.WithKey("key-two");
        var sandbox = (await mine.PostAsync("/create_from_pool", """{"sandbox_type":"bfcl"}""")).Data.GetString();
        var made = await mine.PostAsync("/call_tool", $$$"""{"identity":"{{{sandbox}}}","tool_name":"create_instance","arguments":{"env_type":"frozenlake","task_id":"4x4-0","instance_id":"boxed"}}""");
        made.Status.ShouldBe(HttpStatusCode.OK);
        (await theirs.PostAsync("/release", $$"""{"identity":"{{sandbox}}"}""")).Body.ShouldBe("""{"data":true}""");
        var first = await mine.StepAsync("boxed", "left", idempotencyKey: "1");
        first.Status.ShouldBe(HttpStatusCode.OK);

        await theirs.CreateAsync("frozenlake", "8x8-0", "boxed");
        var other = await theirs.StepAsync("boxed", "left", idempotencyKey: "1");
        other.Data.Observation().ShouldNotBe(first.Data.Observation());
    }

    [Fact]
    public async Task With_keys_the_program_may_be_reached_from_outside()
    {
        await using var open = await RunningProgram.StartAsync(Keys() with { Address = "0.0.0.0" });
        using var caller = open.CallerWithKey("key-one");
        (await caller.PostAsync("/get_env_profile", """{"env_type":"frozenlake"}""")).Status.ShouldBe(HttpStatusCode.OK);
        (await open.Caller.PostAsync("/get_env_profile", """{"env_type":"frozenlake"}""")).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static ProgramSettings Keys() => ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "key-one, key-two");

    public sealed class ProgramWithKeys : IAsyncLifetime
    {
        private RunningProgram? _program;

        public Caller WithoutKey => _program!.Caller;

        public Caller WithKey(string key) => _program!.CallerWithKey(key);

        public async ValueTask InitializeAsync() => _program = await RunningProgram.StartAsync(Keys());

        public async ValueTask DisposeAsync()
        {
            await _program!.EndAsync();
            await _program.DisposeAsync();
        }
    }
}
