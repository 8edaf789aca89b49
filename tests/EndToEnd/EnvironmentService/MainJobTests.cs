using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.EnvironmentService;

/// <summary>The calls AgentScope's <c>TrainingSandboxClient</c> makes, in its order and with its bodies.</summary>
public sealed class MainJobTests(SharedProgram shared)
{
    private Caller Caller => shared.Caller;

    [Theory]
    [InlineData("frozenlake", "<action>right</action>")]
    [InlineData("countdown", "<answer>1 + 1</answer>")]
    [InlineData("bfcl", "I cannot help with that.")]
    [InlineData("webshop", "search[lamp]")]
    [InlineData("faulty", "count")]
    public async Task A_task_is_listed_created_stepped_evaluated_and_released(string environment, string content)
    {
        (await Caller.GetAsync("/healthz")).Body.ShouldBe("OK");

        var tasks = await Caller.PostAsync(
            "/get_env_profile", $$$"""{"env_type":"{{{environment}}}","task_id":null,"instance_id":null,"messages":{},"params":{"split":"train"}}""");
        tasks.Json.GetProperty("success").GetBoolean().ShouldBeTrue();
        var task = tasks.Data[0].GetString()!;

        var created = await Caller.PostAsync(
            "/create", $$$"""{"env_type":"{{{environment}}}","task_id":"{{{task}}}","instance_id":null,"messages":{},"params":{}}""");
        created.Json.GetProperty("success").GetBoolean().ShouldBeTrue();
        var instance = created.Data.InstanceId();

        var info = await Caller.PostAsync("/get_info", Default(instance));
        info.Data.GetString().ShouldNotBeNullOrWhiteSpace();

        var stepped = await Caller.PostAsync(
            "/step",
            $$$"""{"env_type":"default","task_id":null,"instance_id":"{{{instance}}}","messages":{"role":"assistant","content":"{{{content}}}"},"params":{}}""");
        stepped.Json.GetProperty("success").GetBoolean().ShouldBeTrue();
        stepped.Data.GetProperty("reward").ValueKind.ShouldBe(JsonValueKind.Number);

        (await Caller.PostAsync("/evaluate", Default(instance))).Data.GetProperty("score").ValueKind.ShouldBe(JsonValueKind.Number);
        (await Caller.PostAsync("/evaluate", Default(instance, """{"sparse":true}"""))).Data.ValueKind.ShouldBe(JsonValueKind.Number);

        var released = await Caller.PostAsync("/release", Default(instance));
        released.Body.ShouldBe("""{"success":true,"data":null}""");
    }

    [Fact]
    public async Task The_split_is_train_where_none_is_named()
    {
        var train = await Caller.PostAsync("/get_env_profile", """{"env_type":"frozenlake","params":{"split":"train"}}""");
        var none = await Caller.PostAsync("/get_env_profile", """{"env_type":"frozenlake"}""");
        var test = await Caller.PostAsync("/get_env_profile", """{"env_type":"frozenlake","params":{"split":"test"}}""");
        none.Body.ShouldBe(train.Body);
        test.Body.ShouldNotBe(train.Body);
        train.Data.EnumerateArray().Select(task => task.GetString()).ShouldBeUnique();
    }

    [Fact]
    public async Task A_name_is_made_up_for_an_instance_that_has_none() =>
        (await Caller.CreatedAsync("frozenlake", "4x4-0")).ShouldMatch("^exp_[0-9]{10}_[0-9a-f]{8}$");

    [Fact]
    public async Task A_name_given_by_the_caller_is_honoured()
    {
        var created = await Caller.CreateAsync("frozenlake", "4x4-0", "trainer 7, épisode #3");
        created.Data.InstanceId().ShouldBe("trainer 7, épisode #3");
    }

    [Fact]
    public async Task Members_that_a_call_does_not_read_may_be_missing_or_null()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-1");
        (await Caller.PostAsync("/step", $$"""{"env_type":null,"instance_id":"{{instance}}","messages":{"content":"left"},"params":null,"more":[1]}"""))
            .Data.StepNumber().ShouldBe(1);
    }

    [Fact]
    public async Task Times_go_into_a_header_and_not_into_the_body()
    {
        var instance = await Caller.CreatedAsync("frozenlake", "4x4-2");
        var step = await Caller.StepAsync(instance, "left");
        step.Headers["Server-Timing"].ShouldMatch(@"^queue;dur=[0-9.]+, environment;dur=[0-9.]+, journal;dur=[0-9.]+$");
        step.Body.ShouldNotContain("dur");
    }

    private static string Default(string instance, string parameters = "{}") =>
        $$"""{"env_type":"default","task_id":null,"instance_id":"{{instance}}","messages":{},"params":{{parameters}}}""";
}
