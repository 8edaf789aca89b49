using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Episodes;

/// <summary>What every episode looks like, whatever the environment: trainers' code asserts it.</summary>
public sealed class EpisodeShapeTests(SharedProgram shared)
{
    private Caller Caller => shared.Caller;

    public static TheoryData<string, string> Tasks => new()
    {
        { "frozenlake", "4x4-0" },
        { "frozenlake", "8x8-slippery-17" },
        { "countdown", "4-17" },
        { "webshop", "0" },
        { "faulty", "plain" },
    };

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task It_begins_with_a_system_and_a_user_message(string environment, string task)
    {
        var created = await Caller.CreateAsync(environment, task);
        Keys(created.Data).ShouldBe(["state", "info"]);
        Roles(created.Data).ShouldBe(["system", "user"]);
        foreach (var message in created.Data.GetProperty("state").EnumerateArray()) Plain(message);

        var info = created.Data.GetProperty("info");
        info.Text("task_id").ShouldBe(task);
        foreach (var tool in info.GetProperty("tools").EnumerateArray())
        {
            tool.Text("type").ShouldBe("function");
            tool.GetProperty("function").Text("name").ShouldMatch("^[a-zA-Z0-9_-]{1,64}$");
        }

        var provenance = info.GetProperty("provenance");
        Keys(provenance).ShouldBe(["environment", "environment_version", "data_hash", "scorer_version", "prompt_version", "seed", "image_digest"]);
        provenance.Text("environment").ShouldBe(environment);
        provenance.Text("image_digest").ShouldMatch("^sha256:[0-9a-f]{64}$");
        provenance.GetProperty("seed").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task A_step_has_one_message_a_reward_and_its_number(string environment, string task)
    {
        var instance = await Caller.CreatedAsync(environment, task);
        for (var number = 1; number <= 3; number++)
        {
            var step = (await Caller.StepAsync(instance, "I have to think.")).Data;
            Keys(step).ShouldBe(["state", "reward", "is_terminated", "info"]);
            step.GetProperty("state").GetArrayLength().ShouldBe(1);
            Plain(step.GetProperty("state")[0]);
            step.GetProperty("is_terminated").GetBoolean().ShouldBeFalse();
            step.StepNumber().ShouldBe(number);
            step.GetProperty("info").TryGetProperty("end_reason", out _).ShouldBeFalse();
            step.GetProperty("info").TryGetProperty("truncated", out _).ShouldBeFalse();
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task An_evaluation_carries_the_provenance_of_its_episode(string environment, string task)
    {
        var created = await Caller.CreateAsync(environment, task, parameters: """{"seed":41}""");
        var info = created.Data.GetProperty("info");
        info.GetProperty("provenance").GetProperty("seed").GetInt64().ShouldBe(41);

        var instance = info.Text("instance_id");
        await Caller.StepAsync(instance, "left");
        var evaluation = (await Caller.EvaluateAsync(instance)).Data;
        evaluation.GetProperty("provenance").GetRawText().ShouldBe(info.GetProperty("provenance").GetRawText());
        (await Caller.EvaluateAsync(instance, """{"sparse":true}""")).Data.GetDouble().ShouldBe(evaluation.GetProperty("score").GetDouble());
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task It_begins_the_same_to_the_byte_every_time(string environment, string task)
    {
        var name = $"same-{environment}-{task}";
        var first = await Caller.CreateAsync(environment, task, name, """{"seed":3}""");
        await Caller.ReleaseAsync(name);
        var second = await Caller.CreateAsync(environment, task, name, """{"seed":3}""");
        second.Body.ShouldBe(first.Body);

        var other = await Caller.CreateAsync(environment, task, name + "-twin", """{"seed":3}""");
        other.Body.Replace(name + "-twin", name, StringComparison.Ordinal).ShouldBe(first.Body);
    }

    [Fact]
    public async Task Its_end_says_why()
    {
        var instance = await Caller.CreatedAsync("faulty", "plain");
        var end = (await Caller.StepAsync(instance, "end tired of it")).Data;
        end.GetProperty("is_terminated").GetBoolean().ShouldBeTrue();
        end.StepNumber().ShouldBe(1);
        end.GetProperty("info").Text("end_reason").ShouldBe("tired of it");
        end.GetProperty("info").GetProperty("truncated").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public async Task A_limit_of_steps_cuts_it(string environment, string task)
    {
        var instance = await Caller.CreatedAsync(environment, task, """{"max_steps":2}""");
        (await Caller.StepAsync(instance, "I have to think.")).Data.GetProperty("is_terminated").GetBoolean().ShouldBeFalse();
        var last = (await Caller.StepAsync(instance, "I have to think.")).Data;
        last.GetProperty("is_terminated").GetBoolean().ShouldBeTrue();
        last.GetProperty("info").Text("end_reason").ShouldBe("max_steps");
        last.GetProperty("info").GetProperty("truncated").GetBoolean().ShouldBeTrue();
        (await Caller.StepAsync(instance, "more")).DetailOf(HttpStatusCode.Conflict).ShouldContain("max_steps");
        (await Caller.EvaluateAsync(instance)).Data.GetProperty("score").ValueKind.ShouldBe(JsonValueKind.Number);
    }

    [Fact]
    public async Task Every_native_tool_call_gets_its_answer()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-0");
        var step = await Caller.PostAsync(
            "/step",
            $$$$"""
            {"instance_id":"{{{{instance}}}}","messages":{"role":"assistant","content":null,"tool_calls":[
              {"id":"a","type":"function","function":{"name":"move","arguments":"{\"direction\":\"right\"}"}},
              {"id":"b","type":"function","function":{"name":"move","arguments":{"direction":"down"}}}]}}
            """);
        var messages = step.Data.GetProperty("info").GetProperty("tool_messages").EnumerateArray().ToList();
        messages.Select(message => message.Text("role")).ShouldBe(["tool", "tool"]);
        messages.Select(message => message.Text("tool_call_id")).ShouldBe(["a", "b"]);
        messages[0].Text("content").ShouldBe(step.Data.Observation());
    }

    [Fact]
    public async Task The_caller_may_word_the_prompts()
    {
        var created = await Caller.CreateAsync(
            "frozenlake", "4x4-0", parameters: """{"prompt_template":{"system":"Walk. {{rules}}","user":"Map:\n{{map}}\nGo!"}}""");
        created.Data.Observation().ShouldStartWith("Walk. ");
        created.Data.GetProperty("state")[1].Text("content").ShouldMatch(@"^Map:\n[AHG. \n]+\nGo!$");

        var system = await Caller.CreateAsync("frozenlake", "4x4-0", parameters: """{"prompt_template":"Just walk."}""");
        system.Data.Observation().ShouldBe("Just walk.");

        (await Caller.CreateAsync("frozenlake", "4x4-0", parameters: """{"prompt_template":"{{weather}}"}"""))
            .DetailOf(HttpStatusCode.BadRequest).ShouldContain("weather");
    }

    [Fact]
    public async Task Text_that_JSON_can_hardly_hold_goes_through_whole()
    {
        var instance = await Caller.CreatedAsync("faulty", "plain");
        (await Caller.StepAsync(instance, "nul")).Data.Observation().ShouldContain('\0');
        (await Caller.StepAsync(instance, "surrogate")).Body.ShouldContain("\\ud800", Case.Insensitive);
        (await Caller.StepAsync(instance, "echo Grüße, 你好, 🛶")).Data.Observation().ShouldBe("Grüße, 你好, 🛶");
        (await Caller.StepAsync(instance, "big 3MB")).Data.Observation().Length.ShouldBeGreaterThan(2_900_000);
    }

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(member => member.Name);

    private static IEnumerable<string?> Roles(JsonElement data) =>
        data.GetProperty("state").EnumerateArray().Select(message => message.Text("role"));

    private static void Plain(JsonElement message)
    {
        Keys(message).ShouldBe(["role", "content"]);
        message.Text("role").ShouldNotBeNullOrEmpty();
        message.GetProperty("content").ValueKind.ShouldBe(JsonValueKind.String);
    }
}
