using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.EnvironmentService;

/// <summary>
/// The requests that AgentEvolver (<c>env_service/env_client.py</c>, <c>env_worker.py</c>, <c>agent_flow.py</c>) and AgentJet
/// (<c>env_client_ng.py</c>, <c>resource_keeper.py</c>, <c>env_service_as_judge.py</c>) send in an episode, in their order, and what their code
/// takes for granted of the answers. Both send all five members every time.
/// </summary>
public sealed class PublicTrainersTests(SharedProgram shared) : IDisposable
{
    private readonly PythonRequests _client = new(shared.Caller.Address);

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("frozenlake", "<action>right</action>")]
    [InlineData("countdown", "<answer>1 + 1</answer>")]
    [InlineData("bfcl", "I cannot help with that.")]
    [InlineData("webshop", "search[lamp]")]
    public async Task AgentEvolver_plays_an_episode(string environment, string content)
    {
        var tasks = await PostAsync("/get_env_profile", environment, parameters: """{"split": "train"}""");
        var (task, instance) = (tasks.Data[0].GetString(), Guid.NewGuid().ToString("n"));

        var create = () => PostAsync("/create", environment, $"\"{task}\"", $"\"{instance}\"", parameters: """{"is_open_query": false}""");
        var created = await create();
        created.Data.GetProperty("state").EnumerateArray().Select(message => message.Text("role")).ShouldBe(["system", "user"]);
        created.Data.InstanceId().ShouldBe(instance);
        (await create()).Body.ShouldBe(created.Body, "it sends a call again that failed on the way");

        (await PostAsync("/get_info", instance: $"\"{instance}\"", parameters: """{"prompt": false}""")).Status.ShouldBe(HttpStatusCode.OK);
        var step = await PostAsync("/step", instance: $"\"{instance}\"", messages: $$"""{"content": "\u2192 {{content}}", "role": "assistant"}""");
        step.Data.GetProperty("state").EnumerateArray().ShouldHaveSingleItem().Text("role").ShouldBe("user");
        step.Data.GetProperty("is_terminated").ValueKind.ShouldBeOneOf(JsonValueKind.True, JsonValueKind.False);

        (await PostAsync("/evaluate", instance: $"\"{instance}\"", parameters: """{"sparse": true}""")).Data.ValueKind.ShouldBe(JsonValueKind.Number);
        (await PostAsync("/release", instance: $"\"{instance}\"")).Json.GetProperty("success").GetBoolean().ShouldBeTrue();

        // Where anything failed it releases once more, and raises for every status but 200.
        var again = await PostAsync("/release", instance: $"\"{instance}\"");
        (again.Status, again.Json.GetProperty("success").GetBoolean()).ShouldBe((HttpStatusCode.OK, false));
    }

    [Theory]
    [InlineData("frozenlake", "<action>right</action>")]
    [InlineData("countdown", "<answer>1 + 1</answer>")]
    [InlineData("bfcl", "I cannot help with that.")]
    [InlineData("webshop", "search[lamp]")]
    public async Task AgentJet_plays_an_episode(string environment, string content)
    {
        var tasks = await PostAsync("/get_env_profile", environment, parameters: """{"split": "train"}""");
        var (task, instance) = (tasks.Data[0].GetString(), Guid.NewGuid().ToString("n"));

        var created = await PostAsync("/create", environment, $"\"{task}\"", $"\"{instance}\"");
        created.Data.GetProperty("state").EnumerateArray().Last().Text("content").ShouldNotBeEmpty();

        var step = await PostAsync("/step", instance: $"\"{instance}\"", messages: $$"""{"content": "{{content}}", "role": "assistant"}""");
        step.Data.GetProperty("state")[0].Text("content").ShouldNotBeEmpty();
        step.Data.GetProperty("is_terminated").ValueKind.ShouldBeOneOf(JsonValueKind.True, JsonValueKind.False);

        // Its judge's params arrive as the messages, and it compares the answer with 1.
        var score = await PostAsync("/evaluate", instance: $"\"{instance}\"", messages: """{"sparse": false}""");
        var details = await PostAsync("/evaluate", instance: $"\"{instance}\"");
        score.Data.GetDouble().ShouldBe(details.Data.GetProperty("score").GetDouble());

        (await PostAsync("/release", instance: $"\"{instance}\"")).Json.GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    /// <summary>What a call does not name goes out as here: <c>default</c>, null, and empty objects.</summary>
    private Task<Answer> PostAsync(string path, string environment = "default", string task = "null", string instance = "null", string messages = "{}", string parameters = "{}") =>
        _client.PostAsync(path, $$"""{"env_type": "{{environment}}", "task_id": {{task}}, "instance_id": {{instance}}, "messages": {{messages}}, "params": {{parameters}}}""");
}
