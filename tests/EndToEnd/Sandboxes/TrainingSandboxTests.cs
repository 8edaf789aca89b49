using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Sandboxes;

/// <summary>The calls AgentScope's <c>TrainingSandbox(base_url=…)</c> makes, with its bodies; it looks at no status.</summary>
public sealed class TrainingSandboxTests(SharedProgram shared)
{
    private Caller Caller => shared.Caller;

    [Theory]
    [InlineData("frozenlake", "<action>right</action>")]
    [InlineData("countdown", "<answer>1 + 1</answer>")]
    [InlineData("bfcl", "I cannot help with that.")]
    [InlineData("webshop", "search[lamp]")]
    [InlineData("faulty", "count")]
    public async Task Its_tutorial_runs_to_the_end(string environment, string content)
    {
        var sandbox = await OpenAsync();

        var tasks = await CallAsync(sandbox, "get_task_ids", $$"""{"env_type":"{{environment}}","split":"train","params":null}""");
        var profile = await CallAsync(sandbox, "get_env_profile", $$"""{"env_type":"{{environment}}","split":"train","params":null}""");
        profile.Body.ShouldBe(tasks.Body);

        var created = await CallAsync(
            sandbox, "create_instance", $$"""{"env_type":"{{environment}}","task_id":"{{tasks.Data[0].GetString()}}","instance_id":null,"params":null}""");
        created.Data.GetProperty("state").GetArrayLength().ShouldBe(2);
        var instance = created.Data.InstanceId();

        var stepped = await CallAsync(
            sandbox, "step", $$$"""{"instance_id":"{{{instance}}}","action":{"role":"assistant","content":"{{{content}}}"},"params":{}}""");
        stepped.Data.GetProperty("state").GetArrayLength().ShouldBe(1);
        stepped.Data.StepNumber().ShouldBe(1);

        (await CallAsync(sandbox, "evaluate", $$$"""{"instance_id":"{{{instance}}}","messages":{},"params":{"sparse":true}}"""))
            .Data.ValueKind.ShouldBe(JsonValueKind.Number);
        (await CallAsync(sandbox, "release_instance", $$"""{"instance_id":"{{instance}}"}""")).Body.ShouldBe("""{"data":true}""");
        (await CloseAsync(sandbox)).Body.ShouldBe("""{"data":true}""");
    }

    [Fact]
    public async Task Closing_a_sandbox_releases_what_was_made_through_it_and_nothing_else()
    {
        var sandbox = await OpenAsync();
        var inside = await MadeAsync(sandbox);
        var other = await MadeAsync(await OpenAsync());
        var outside = await Caller.CreatedAsync("frozenlake", "4x4-3");

        (await CloseAsync(sandbox)).Body.ShouldBe("""{"data":true}""");

        (await Caller.StepAsync(inside, "left")).DetailOf(HttpStatusCode.NotFound).ShouldContain("was released");
        (await Caller.StepAsync(other, "left")).Status.ShouldBe(HttpStatusCode.OK);
        (await Caller.StepAsync(outside, "left")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_sandbox_that_nobody_opened_can_be_attached_to_and_closed()
    {
        var instance = await MadeAsync("attached");
        (await CloseAsync("attached")).Body.ShouldBe("""{"data":true}""");
        (await Caller.StepAsync(instance, "left")).DetailOf(HttpStatusCode.NotFound).ShouldContain("was released");
        (await CloseAsync("nobody knows it")).Body.ShouldBe("""{"data":true}""");
    }

    [Fact]
    public async Task What_lives_in_a_sandbox_is_told()
    {
        var sandbox = await OpenAsync();
        var instance = await MadeAsync(sandbox);
        var told = await Caller.PostAsync("/get_info", $$"""{"identity":"{{sandbox}}"}""");
        told.Data.Text("identity").ShouldBe(sandbox);
        told.Data.GetProperty("instances").EnumerateArray().Select(name => name.GetString()).ShouldBe([instance]);
    }

    [Fact]
    public async Task Tools_of_a_sandbox_are_null_as_they_are_for_every_training_box() =>
        (await Caller.PostAsync("/list_tools", $$"""{"identity":"{{await OpenAsync()}}","tool_type":null}""")).Body.ShouldBe("""{"data":null}""");

    [Fact]
    public async Task The_optional_calls_answer_too()
    {
        var opened = await Caller.PostAsync("/create", """{"sandbox_type":"appworld"}""");
        opened.Data.GetString().ShouldNotBeNullOrEmpty();
        (await Caller.PostAsync("/check_health", $$"""{"identity":"{{opened.Data.GetString()}}"}""")).Data.GetBoolean().ShouldBeTrue();
        (await Caller.PostAsync("/get_status", $$"""{"identity":"{{opened.Data.GetString()}}"}""")).Data.GetString().ShouldBe("running");
        var health = await Caller.GetAsync("/health");
        health.Json.Text("status").ShouldBe("healthy");
        health.Json.Text("version").ShouldMatch(@"^[0-9]+\.[0-9]+\.[0-9]+$");
    }

    [Fact]
    public async Task Releasing_an_instance_that_is_not_there_is_false() =>
        (await CallAsync(await OpenAsync(), "release_instance", """{"instance_id":"not there"}""")).Body.ShouldBe("""{"data":false}""");

    [Fact]
    public async Task An_error_is_a_detail_because_the_class_shows_it_as_the_result()
    {
        var sandbox = await OpenAsync();
        (await CallAsync(sandbox, "step", """{"instance_id":"not there","action":{"role":"assistant","content":"left"},"params":{}}"""))
            .DetailOf(HttpStatusCode.NotFound).ShouldContain("not there");
        (await CallAsync(sandbox, "get_task_ids", """{"env_type":"chess","split":"train","params":null}""")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("frozenlake");
        (await CallAsync(sandbox, "fly", "{}")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("create_instance");
        (await CallAsync(sandbox, "step", "[]")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("arguments");
        (await Caller.PostAsync("/call_tool", """{"tool_name":"step","arguments":{}}""")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("identity");
    }

    [Fact]
    public async Task A_key_inside_of_params_protects_a_step_that_is_sent_again()
    {
        var sandbox = await OpenAsync();
        var instance = await MadeAsync(sandbox);
        var step = $$$"""{"instance_id":"{{{instance}}}","action":{"role":"assistant","content":"left"},"params":{"_command_id":"{{{instance}}} first"}}""";
        var first = await CallAsync(sandbox, "step", step);
        var again = await CallAsync(sandbox, "step", step);
        first.Data.StepNumber().ShouldBe(1);
        again.Body.ShouldBe(first.Body);
    }

    [Fact]
    public async Task A_class_that_opened_no_sandbox_names_none_and_is_served_all_the_same()
    {
        var created = await Caller.PostAsync(
            "/call_tool", """{"identity":null,"tool_name":"create_instance","arguments":{"env_type":"frozenlake","task_id":"4x4-4","instance_id":null,"params":null}}""");
        var instance = created.Data.InstanceId();

        (await Caller.PostAsync("/get_info", """{"identity":null}""")).Data.GetProperty("instances").GetArrayLength().ShouldBe(0);
        (await Caller.PostAsync("/list_tools", """{"identity":null,"tool_type":null}""")).Body.ShouldBe("""{"data":null}""");
        (await Caller.PostAsync("/release", """{"identity":null}""")).Body.ShouldBe("""{"data":true}""");

        // What belongs to no sandbox ends with none.
        (await Caller.PostAsync("/call_tool", $$$"""{"identity":null,"tool_name":"release_instance","arguments":{"instance_id":"{{{instance}}}"}}""")).Body.ShouldBe("""{"data":true}""");
    }

    [Theory]
    [InlineData("""{"sandbox_type":"training"}""")]
    [InlineData("""{"sandbox_type":"bfcl","meta":{"session_ctx_id":"vytxeTZskVKR7C7WgdSP3d"}}""")]
    public async Task Sandboxes_are_opened_as_the_classes_of_each_version_do(string body) =>
        (await Caller.PostAsync("/create_from_pool", body)).Data.GetString().ShouldNotBeNullOrEmpty();

    private async Task<string> OpenAsync() =>
        (await Caller.PostAsync("/create_from_pool", """{"sandbox_type":"appworld","meta":{"session_ctx_id":"20261123"}}""")).Data.GetString()!;

    private async Task<string> MadeAsync(string sandbox) =>
        (await CallAsync(sandbox, "create_instance", """{"env_type":"frozenlake","task_id":"4x4-4","instance_id":null,"params":null}"""))
            .Data.InstanceId();

    private Task<Answer> CallAsync(string sandbox, string tool, string arguments) =>
        Caller.PostAsync("/call_tool", $$"""{"identity":"{{sandbox}}","tool_name":"{{tool}}","arguments":{{arguments}} }""");

    private Task<Answer> CloseAsync(string sandbox) => Caller.PostAsync("/release", $$"""{"identity":"{{sandbox}}"}""");
}
