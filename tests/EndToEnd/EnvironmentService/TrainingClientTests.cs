using System.Net;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.EnvironmentService;

/// <summary>
/// The calls AgentScope's <c>TrainingSandboxClient(base_url=…)</c> makes, with its bodies, the same from 0.1.1 to 1.1.5: all five members
/// every time, <c>default</c> for an environment that is not named, and what is not given as null or empty.
/// </summary>
public sealed class TrainingClientTests(SharedProgram shared)
{
    [Fact]
    public async Task Its_calls_run_from_the_first_to_the_last()
    {
        var caller = shared.Caller;
        (await caller.GetAsync("/healthz")).Status.ShouldBe(HttpStatusCode.OK);

        var tasks = await PostAsync("get_env_profile", "frozenlake", parameters: """{"split":"train"}""");
        var created = await PostAsync("create", "frozenlake", task: $"\"{tasks.Data[0].GetString()}\"");
        var instance = $"\"{created.Data.InstanceId()}\"";

        (await PostAsync("get_info", instance: instance)).Data.GetString().ShouldNotBeNullOrEmpty();
        (await PostAsync("step", instance: instance, messages: """{"role":"assistant","content":"<action>left</action>"}""")).Data.StepNumber().ShouldBe(1);
        (await PostAsync("evaluate", instance: instance, parameters: """{"sparse":true}""")).Data.GetDouble().ShouldBe(0);
        (await PostAsync("release", instance: instance)).Json.GetProperty("success").GetBoolean().ShouldBeTrue();
        (await PostAsync("step", instance: instance)).DetailOf(HttpStatusCode.BadRequest).ShouldContain("messages");
    }

    /// <summary>A trainer that joins a base address with a slash at its end and a path with one at its start.</summary>
    [Theory]
    [InlineData("//get_env_profile")]
    [InlineData("///get_env_profile")]
    public async Task Repeated_slashes_are_one(string path)
    {
        var body = """{"env_type":"frozenlake","task_id":null,"instance_id":null,"messages":{},"params":{"split":"val"}}""";
        using var content = new StringContent(body);
        var request = new HttpRequestMessage(HttpMethod.Post, $"{shared.Caller.Address.ToString().TrimEnd('/')}{path}") { Content = content };
        (await shared.Caller.SendAsync(request)).Data.GetArrayLength().ShouldBeGreaterThan(0);
    }

    private Task<Answer> PostAsync(string endpoint, string environment = "default", string task = "null", string instance = "null", string messages = "{}", string parameters = "{}") =>
        shared.Caller.PostAsync(
            $"/{endpoint}", $$"""{"env_type":"{{environment}}","task_id":{{task}},"instance_id":{{instance}},"messages":{{messages}},"params":{{parameters}} }""");
}
