using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Rollouts.Tests.Requests;

public sealed class BatchRequestTests
{
    private const string Model = """{"type":"model","base_url":"http://models.example/v1","model":"m","api_key":"sk-secret"}""";

    [Theory]
    [InlineData("""{"env_type":"e","tasks":[],"policy":{"type":"gold"}}""", "no items")]
    [InlineData("""{"env_type":"e","policy":{"type":"gold"}}""", "tasks")]
    [InlineData("""{"env_type":"e","tasks":["a"]}""", "policy is required")]
    [InlineData("""{"env_type":"e","tasks":["a"],"split":"val","policy":{"type":"gold"}}""", "one of")]
    [InlineData("""{"env_type":"e","tasks":["a"],"policy":{"type":"gold"},"concurrency":"many"}""", "concurrency must be an integer")]
    [InlineData("""{"env_type":"e","tasks":["a"],"policy":{"type":"gold"},"concurency":3}""", "unknown member 'concurency'")]
    [InlineData("""{"env_type":"e","tasks":["a"],"policy":{"type":"golden"}}""", "did you mean gold")]
    [InlineData("""{"env_type":"e","items":[{"task":"a"}],"policy":{"type":"gold"}}""", "items[0]: unknown member 'task'; known are task_id")]
    [InlineData("""{"env_type":"e","split":"val","sample":{"m":1},"policy":{"type":"gold"}}""", "unknown member 'sample.m'")]
    [InlineData("""{"env_type":"e","tasks":[3],"policy":{"type":"gold"}}""", "tasks[0]")]
    [InlineData("""{"env_type":"e","tasks":["a"],"policy":{"type":"recorded"}}""", "actions")]
    [InlineData("""{"env_type":"e","items":[{"task_id":"a","actions":7}],"policy":{"type":"recorded"}}""", "items[0]")]
    [InlineData("""{"env_type":"e","tasks":["a"],"policy":{"type":"gold"},"deadline_s":0}""", "deadline_s")]
    [InlineData("""{"env_type":"e","tasks":["a"],"policy":{"type":"gold"},"batch_id":"rollout/x"}""", "must not begin")]
    public void What_is_wrong_is_said_in_one_line(string json, string said)
    {
        var refused = Should.Throw<RequestRefusedException>(() => Read(json));
        refused.Message.ShouldContain(said);
        refused.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void A_key_is_apart_from_what_is_stored()
    {
        var request = Read($$"""{"env_type":"e","tasks":["a"],"policy":{{Model}}}""");
        request.Policy!.ApiKey.ShouldBe("sk-secret");
        Encoding.UTF8.GetString(request.Policy.Json).ShouldNotContain("sk-secret");
        request.Policy.Endpoint.ShouldBe("http://models.example/v1/");
    }

    [Fact]
    public void A_key_of_what_goes_on_with_a_fork_is_apart_too()
    {
        var request = Read($$$"""{"env_type":"e","items":[{"task_id":"a","policy":{"type":"fork","episode_id":7,"steps":2,"then":{{{Model}}}}}]}""");
        var policy = request.Items.ShouldHaveSingleItem().Policy.ShouldNotBeNull();
        (policy.ApiKey, policy.Endpoint).ShouldBe(("sk-secret", "http://models.example/v1/"));
        Encoding.UTF8.GetString(policy.Json).ShouldBe("""{"type":"fork","episode_id":7,"steps":2,"then":{"type":"model","base_url":"http://models.example/v1","model":"m"}}""");
    }

    [Fact]
    public void The_same_request_is_known_again_whatever_its_key()
    {
        var one = Read($$"""{"env_type":"e","tasks":["a"],"policy":{{Model}}}""");
        Read($$"""{"policy":{{Model.Replace("sk-secret", "sk-other", StringComparison.Ordinal)}},"batch_id":"x","env_type":"e","tasks":["a"]}""").Hash.ShouldBe(one.Hash);
        Read($$"""{"env_type":"e","tasks":["b"],"policy":{{Model}}}""").Hash.ShouldNotBe(one.Hash);
    }

    [Theory]
    [InlineData("{\"env_type\":\"e\",\"policy\":{\"type\":\"gold\"}}\n{\"task_id\":\"a\"}\n{\"task\":\"b\"}", "line 3")]
    [InlineData("{\"env_type\":\"e\",\"policy\":{\"type\":\"gold\"}}\n\n{\"task_id\":\"a\"\n", "line 3 is not JSON")]
    [InlineData("", "empty")]
    public async Task A_broken_line_has_its_number(string lines, string said) => (await Should.ThrowAsync<RequestRefusedException>(() => LinesAsync(lines))).Message.ShouldContain(said);

    [Fact]
    public async Task Lines_are_the_batchs_items()
    {
        var request = await LinesAsync("{\"env_type\":\"e\",\"policy\":{\"type\":\"recorded\"}}\n{\"task_id\":\"a\",\"actions\":[\"x\"]}\n{\"task_id\":\"b\",\"actions\":[]}");
        request.Items!.Select(item => item.TaskId).ShouldBe(["a", "b"]);
    }

    private static Task<BatchRequest> LinesAsync(string lines) =>
        BatchLines.ReadAsync(PipeReader.Create(new MemoryStream(Encoding.UTF8.GetBytes(lines))), most: 100, TestContext.Current.CancellationToken);

    private static BatchRequest Read(string json) => BatchRequest.Read(JsonElement.Parse(json));
}
