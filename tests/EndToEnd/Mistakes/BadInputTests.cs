using System.Net;
using System.Text;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mistakes;

/// <summary>Each mistake of a caller gets its status and one clear line.</summary>
public sealed class BadInputTests(SharedProgram shared)
{
    private const string Nested = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[";

    private Caller Caller => shared.Caller;

    [Theory]
    [InlineData("/get_env_profile", """{"env_type":"chess"}""", "chess", "countdown, ", "frozenlake")]
    [InlineData("/create", """{"env_type":"chess","task_id":"1"}""", "chess", "countdown, ", "frozenlake")]
    [InlineData("/get_env_profile", """{"env_type":"frozenlake","params":{"split":"dev"}}""", "dev", "train, val, test")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"5 by 5"}""", "5 by 5")]
    [InlineData("/create", """{"env_type":"countdown","task_id":"0"}""", "0")]
    [InlineData("/get_env_profile", "{}", "env_type is required")]
    [InlineData("/get_env_profile", """{"env_type":null}""", "env_type is required")]
    [InlineData("/create", """{"env_type":"frozenlake"}""", "task_id is required")]
    [InlineData("/create", """{"task_id":"4x4-0"}""", "env_type is required")]
    [InlineData("/step", """{"messages":{"content":"left"}}""", "instance_id is required")]
    [InlineData("/evaluate", "{}", "instance_id is required")]
    [InlineData("/get_info", "{}", "instance_id is required")]
    [InlineData("/release", "{}", "instance_id is required")]
    [InlineData("/get_env_profile", """{"env_type":7}""", "env_type must be a string, not 7")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":["4x4-0"]}""", "task_id must be a string, not an array")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","instance_id":{}}""", "instance_id must be a string, not an object")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","instance_id":""}""", "instance_id must not be empty")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","instance_id":"a\u0000b"}""", "NUL")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","instance_id":"\ud800"}""", "instance_id is not valid text")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","params":"seed"}""", "params must be an object, not a string")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","params":{"seed":"one"}}""", "params.seed must be an integer")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","params":{"seed":1e30}}""", "params.seed must be an integer")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","params":{"max_steps":0}}""", "params.max_steps")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","params":{"max_steps":"ten"}}""", "params.max_steps")]
    [InlineData("/create", """{"env_type":"frozenlake","task_id":"4x4-0","params":{"prompt_template":5}}""", "params.prompt_template")]
    [InlineData("/get_env_profile", """{"env_type":"frozenlake","params":{"split":5}}""", "split must be a string, not 5")]
    [InlineData("/create", "[]", "must be a JSON object, not an array")]
    [InlineData("/create", "null", "must be a JSON object, not null")]
    [InlineData("/create", "\"x\"", "must be a JSON object, not a string")]
    [InlineData("/create", """{"env_type":"frozenlake",""", "not JSON")]
    [InlineData("/create", "env_type=frozenlake&task_id=4x4-0", "not JSON")]
    [InlineData("/create", """{"env_type":"frozenlake"} {}""", "not JSON")]
    [InlineData("/create", "{'env_type':'frozenlake'}", "not JSON")]
    [InlineData("/create", $$"""{"params":{{Nested}}""", "not JSON")]
    [InlineData("/create", "", "empty")]
    [InlineData("/call_tool", "", "empty")]
    [InlineData("/create_from_pool", "{", "not JSON")]
    public async Task Is_refused_with_400(string path, string body, params string[] told)
    {
        var detail = (await Caller.PostAsync(path, body)).DetailOf(HttpStatusCode.BadRequest);
        foreach (var part in told) detail.ShouldContain(part);
    }

    [Theory]
    [InlineData("""{"messages":null}""", "messages is required")]
    [InlineData("""{"messages":{}}""", "messages is required")]
    [InlineData("""{"messages":"left"}""", "messages must be an object, not a string")]
    [InlineData("""{"messages":{"role":"assistant","content":5}}""", "messages.content must be a string, a list of parts or null, not 5")]
    [InlineData("""{"messages":{"role":"assistant","content":true}}""", "messages.content")]
    [InlineData("""{"messages":{"role":"assistant","content":"","tool_calls":"move"}}""", "messages.tool_calls must be a list of calls or null, not a string")]
    [InlineData("""{"messages":{"role":"assistant","content":"","tool_calls":3}}""", "messages.tool_calls")]
    [InlineData("""{"messages":{"role":"assistant","content":"left"},"params":{"_step":"1"}}""", "_step must be an integer")]
    [InlineData("""{"messages":{"role":"assistant","content":"left"},"params":{"_command_id":5}}""", "_command_id must be a string")]
    public async Task A_wrong_step_is_refused_with_400_and_is_not_counted(string members, string told)
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        var body = $$"""{"instance_id":"{{instance}}",{{members[1..]}}""";
        (await Caller.PostAsync("/step", body)).DetailOf(HttpStatusCode.BadRequest).ShouldContain(told);
        (await Caller.StepAsync(instance, "left")).Data.StepNumber().ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"role":"assistant"}""")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[]}""")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":""}""")]
    [InlineData("""{"role":"assistant","content":[{"type":"text","text":"left"}]}""")]
    [InlineData("""{"role":"assistant","content":"","tool_calls":[{"name":"move"}]}""")]
    public async Task What_model_servers_send_is_a_step(string message)
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        (await Caller.PostAsync("/step", $$"""{"instance_id":"{{instance}}","messages":{{message}}}""")).Data.StepNumber().ShouldBe(1);
    }

    [Theory]
    [InlineData("/step", ""","messages":{"role":"assistant","content":"left"}""")]
    [InlineData("/evaluate", "")]
    [InlineData("/get_info", "")]
    public async Task An_unknown_instance_is_404(string path, string members) =>
        (await Caller.PostAsync(path, $$"""{"instance_id":"ghost"{{members}}}""")).DetailOf(HttpStatusCode.NotFound).ShouldContain("there is no instance 'ghost'");

    [Fact]
    public async Task Releasing_an_unknown_instance_is_no_error_but_no_success()
    {
        var released = await Caller.ReleaseAsync("ghost");
        released.Status.ShouldBe(HttpStatusCode.OK);
        released.Json.GetProperty("success").GetBoolean().ShouldBeFalse();
        released.Json.GetProperty("data").GetRawText().ShouldBe("null");
    }

    [Fact]
    public async Task Releasing_twice_is_a_success_once()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        (await Caller.ReleaseAsync(instance)).Body.ShouldBe("""{"success":true,"data":null}""");
        (await Caller.ReleaseAsync(instance)).Json.GetProperty("success").GetBoolean().ShouldBeFalse();
        (await Caller.StepAsync(instance, "left")).DetailOf(HttpStatusCode.NotFound).ShouldContain("was released by its caller at 20");
        (await Caller.EvaluateAsync(instance)).DetailOf(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_step_after_the_end_is_409_and_says_how_the_episode_ended()
    {
        var instance = await Caller.CreatedAsync("faulty", "plain");
        await Caller.StepAsync(instance, "end enough");
        (await Caller.StepAsync(instance, "count")).DetailOf(HttpStatusCode.Conflict).ShouldContain("ended with step 1 (enough)");
        (await Caller.EvaluateAsync(instance)).Data.GetProperty("score").GetDouble().ShouldBe(1);
    }

    [Fact]
    public async Task An_evaluation_before_any_step_is_the_score_of_an_episode_without_one()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        (await Caller.EvaluateAsync(instance)).Data.GetProperty("score").GetDouble().ShouldBe(0);
        (await Caller.StepAsync(instance, "left")).Data.StepNumber().ShouldBe(1);
    }

    [Fact]
    public async Task What_the_agent_does_wrong_is_an_observation()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        var broken = await Caller.PostAsync(
            "/step",
            $$$$"""{"instance_id":"{{{{instance}}}}","messages":{"role":"assistant","content":"","tool_calls":[{"id":"a","type":"function","function":{"name":"move","arguments":"{\"direction\": le"}}]}}""");
        broken.Data.GetProperty("is_terminated").GetBoolean().ShouldBeFalse();
        broken.Data.Observation().ShouldContain("not JSON");
        (await Caller.StepAsync(instance, "left")).Data.StepNumber().ShouldBe(2);
    }

    [Fact]
    public async Task Arguments_nested_too_deep_are_an_observation_and_the_same_command_when_they_are_sent_again()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        var deep = $"{new string('[', 5000)}{new string(']', 5000)}";
        var step = $$$"""{"instance_id":"{{{instance}}}","messages":{"tool_calls":[{"id":7,"name":"move","arguments":{"direction":{{{deep}}} }}]}}""";

        var first = await Caller.PostAsync("/step", step, instance);

        first.Data.Observation().ShouldContain("the arguments are nested more than 64 levels deep");
        (await Caller.PostAsync("/step", step, instance)).Body.ShouldBe(first.Body);
        (await Caller.StepAsync(instance, "left")).Data.StepNumber().ShouldBe(2);
    }

    [Fact]
    public async Task A_broken_tool_call_block_goes_back_to_the_agent()
    {
        var instance = await Caller.CreatedAsync("bfcl", "simple_python_sample0");
        var broken = (await Caller.StepAsync(instance, "<tool_call>\n{\"name\": \"tank_volume\", \"arguments\": {\"radius_cm\": }}\n</tool_call>")).Data;
        broken.GetProperty("is_terminated").GetBoolean().ShouldBeFalse();
        broken.Observation().ShouldContain("JSON");
        var corrected = (await Caller.StepAsync(instance, "<tool_call>\n{\"name\": \"tank_volume\", \"arguments\": {\"radius_cm\": 30, \"height_cm\": 85}}\n</tool_call>")).Data;
        corrected.StepNumber().ShouldBe(2);
        corrected.GetProperty("reward").GetDouble().ShouldBe(1);
    }

    [Fact]
    public async Task A_body_of_unknown_length_may_be_empty_too()
    {
        using var body = new StringContent("");
        var request = new HttpRequestMessage(HttpMethod.Post, "/create") { Content = body, Headers = { TransferEncodingChunked = true } };
        (await Caller.SendAsync(request)).DetailOf(HttpStatusCode.BadRequest).ShouldContain("empty");
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_no_JSON() =>
        (await Caller.PostAsync("/create", [.. "{\"env_type\":\""u8, 0xFF, 0xFE, .. "\"}"u8])).Status.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Names_have_at_most_200_characters()
    {
        var longest = new string('n', 200);
        (await Caller.CreateAsync("frozenlake", "4x4-0", longest)).Status.ShouldBe(HttpStatusCode.OK);
        (await Caller.CreateAsync("frozenlake", "4x4-0", longest + "n")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("200");
        (await Caller.PostAsync("/create", """{"env_type":"frozenlake","task_id":"4x4-0"}""", longest + "n")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("Idempotency-Key");
    }

    [Fact]
    public async Task A_path_that_is_not_there_and_a_method_that_is_wrong_are_told_in_the_same_form()
    {
        (await Caller.PostAsync("/steps", "{}")).DetailOf(HttpStatusCode.NotFound).ShouldContain("/steps");
        (await Caller.GetAsync("/step")).DetailOf(HttpStatusCode.MethodNotAllowed).ShouldContain("POST");
    }

    [Fact]
    public async Task A_body_up_to_the_limit_is_taken_and_one_over_it_is_413()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty").With("SANDQUEUE_Gateway__MaxBodyBytes", "20000"));
        var caller = program.Caller;
        var instance = await caller.CreatedAsync("faulty", "plain");
        Encoding.UTF8.GetByteCount(Echo(instance, 0)).ShouldBeLessThan(1000);
        (await caller.PostAsync("/step", Echo(instance, 20_000 - Echo(instance, 0).Length))).Status.ShouldBe(HttpStatusCode.OK);
        (await caller.PostAsync("/step", Echo(instance, 20_001 - Echo(instance, 0).Length))).DetailOf(HttpStatusCode.RequestEntityTooLarge).ShouldContain("20000");

        using var body = new StringContent(Echo(instance, 30_000));
        var chunked = new HttpRequestMessage(HttpMethod.Post, "/step") { Content = body, Headers = { TransferEncodingChunked = true } };
        (await caller.SendAsync(chunked)).DetailOf(HttpStatusCode.RequestEntityTooLarge).ShouldContain("20000");
        (await caller.StepAsync(instance, "count")).Data.StepNumber().ShouldBe(2);
    }

    private static string Echo(string instance, int length) =>
        $$$"""{"instance_id":"{{{instance}}}","messages":{"role":"assistant","content":"echo {{{new string('x', length)}}}"}}""";
}
