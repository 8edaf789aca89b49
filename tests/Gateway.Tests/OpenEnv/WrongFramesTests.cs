using System.Net.WebSockets;
using System.Text;
using CsCheck;
using SandQueue.Contracts;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Testing.OpenEnv;

namespace SandQueue.Gateway.Tests.OpenEnv;

/// <summary>Each mistake of a client is an error of one line that takes no step, and the next good request on the same connection works.</summary>
public sealed class WrongFramesTests(DoorServer server) : IClassFixture<DoorServer>
{
    private const string InvalidJson = "INVALID_JSON";
    private const string UnknownType = "UNKNOWN_TYPE";
    private const string Validation = "VALIDATION_ERROR";

    private static readonly byte[] NoText = [.. "{\"type\":\""u8, 0xFF, .. "\"}"u8];

    [Theory]
    [InlineData("", InvalidJson, "empty")]
    [InlineData("left", InvalidJson, "not JSON")]
    [InlineData("[]", InvalidJson, "must be a JSON object, not an array")]
    [InlineData("null", InvalidJson, "must be a JSON object, not null")]
    [InlineData("""{"type":"step","data":{"message":"left"}""", InvalidJson, "not JSON")]
    [InlineData("""{"type":"step","data":{"message":NaN}}""", InvalidJson, "not JSON")]
    [InlineData("""{"type":"step"} {}""", InvalidJson, "not JSON")]
    [InlineData("{}", Validation, "type is required")]
    [InlineData("""{"type":7}""", Validation, "type must be a string, not 7")]
    [InlineData("""{"type":"fly"}""", UnknownType, "known are reset, step, state, mcp and close")]
    [InlineData("""{"type":"step","data":{"message":"left"},"id":1}""", Validation, "unknown member 'id'")]
    [InlineData("""{"type":"step","data":{"\ud800":1}}""", Validation, "not valid text")]
    [InlineData("""{"type":"reset","data":[]}""", Validation, "data must be an object, not an array")]
    [InlineData("""{"type":"reset","data":{"seed":"1"}}""", Validation, "seed must be an integer, not a string")]
    [InlineData("""{"type":"reset","data":{"seed":1.5}}""", Validation, "seed must be an integer")]
    [InlineData("""{"type":"reset","data":{"seed":1e30}}""", Validation, "seed must be an integer")]
    [InlineData("""{"type":"reset","data":{"seed":-1}}""", Validation, "seed must be 0 or more")]
    [InlineData("""{"type":"reset","data":{"task":"a"}}""", Validation, "unknown member 'task' of a reset; known are seed, episode_id, task_id")]
    [InlineData("""{"type":"reset","data":{"task_id":5}}""", Validation, "task_id must be a string")]
    [InlineData("""{"type":"reset","data":{"task_id":""}}""", Validation, "task_id must not be empty")]
    [InlineData("""{"type":"reset","data":{"task_id":"a\u0000"}}""", Validation, "NUL")]
    [InlineData("""{"type":"reset","data":{"params":5}}""", Validation, "params must be an object")]
    [InlineData("""{"type":"reset","data":{"params":{"_step":1}}}""", Validation, "params._step has no meaning here")]
    [InlineData("""{"type":"reset","data":{"seed":1,"params":{"seed":2}}}""", Validation, "not in params")]
    [InlineData("""{"type":"reset","data":{"instance_id":"i"}}""", Validation, "needs task_id, or seed")]
    [InlineData("""{"type":"step"}""", Validation, "data is required")]
    [InlineData("""{"type":"step","data":{}}""", Validation, "data is required")]
    [InlineData("""{"type":"step","data":"left"}""", Validation, "data must be an object")]
    [InlineData("""{"type":"step","data":{"text":"left"}}""", Validation, "an action has message")]
    [InlineData("""{"type":"step","data":{"message":5}}""", Validation, "message must be a string, not 5")]
    [InlineData("""{"type":"step","data":{"message":null}}""", Validation, "message must be a string, not null")]
    [InlineData("""{"type":"step","data":{"message":"left","speed":2}}""", Validation, "unknown member 'speed' of this action")]
    [InlineData("""{"type":"step","data":{"message":"left","step":"1"}}""", Validation, "step must be an integer")]
    [InlineData("""{"type":"step","data":{"type":"fly"}}""", Validation, "unknown type 'fly' of an action")]
    [InlineData("""{"type":"step","data":{"type":"call_tool"}}""", Validation, "tool_name is required")]
    [InlineData("""{"type":"step","data":{"type":"call_tool","tool_name":"move","arguments":[]}}""", Validation, "arguments must be an object")]
    [InlineData("""{"type":"step","data":{"type":"call_tool","tool_name":"move","args":{}}}""", Validation, "unknown member 'args'")]
    [InlineData("""{"type":"step","data":{"content":5}}""", Validation, "data.content must be a string")]
    [InlineData("""{"type":"step","data":{"content":"x","tool_calls":3}}""", Validation, "data.tool_calls")]
    public async Task Is_told_and_the_next_request_works(string frame, string code, string told)
    {
        using var client = await server.ConnectAsync();
        var instance = (await client.ResetAsync("""{"seed":0}""")).Observed().GetProperty("instance_id").GetString();

        (await client.AskAsync(frame)).ErrorOf(code).ShouldContain(told);

        (await client.StepAsync("""{"message":"left"}""")).Observed().GetProperty("step").GetInt32().ShouldBe(1);
        server.Router.Sent.OfType<StepInstance>().Count(step => step.InstanceId == instance).ShouldBe(1);
    }

    [Fact]
    public async Task So_is_what_is_no_text_too_deep_too_long_or_too_large()
    {
        using var client = await server.ConnectAsync();
        await client.ResetAsync();

        await client.SendAsync(NoText, WebSocketMessageType.Binary);
        (await client.ReadAsync())!.Value.ErrorOf(InvalidJson).ShouldContain("UTF-8");
        (await client.AskAsync($$"""{"type":"step","data":{{new string('[', 9000)}}{{new string(']', 9000)}}}""")).ErrorOf(InvalidJson).ShouldContain("not JSON");
        (await client.ResetAsync($$"""{"episode_id":"{{new string('x', 256)}}"}""")).ErrorOf(Validation).ShouldContain("255");
        (await client.StepAsync($$"""{"message":"{{new string('x', 100_000)}}"}""")).ErrorOf(Validation).ShouldContain("Gateway:MaxBodyBytes");

        // Pieces of a frame count as one, and bytes are as good as text.
        await client.SendAsync("""{"type":"step","data":"""u8.ToArray(), WebSocketMessageType.Binary, isWhole: false);
        await client.SendAsync("""{"message":"left"}}"""u8.ToArray(), WebSocketMessageType.Binary);
        (await client.ReadAsync())!.Value.Observed().GetProperty("step").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task A_frame_that_says_it_is_text_and_is_none_ends_the_connection_as_its_protocol_wants()
    {
        using var client = await server.ConnectAsync();
        await client.SendAsync(NoText);
        (await client.ReadAsync()).ShouldBeNull();
        client.Socket.CloseStatus.ShouldBe(WebSocketCloseStatus.InvalidPayloadData);
        using var next = await server.ConnectAsync();
        (await next.ResetAsync()).Observed();
    }

    [Fact]
    public Task Whatever_is_sent_is_answered_and_is_never_a_failure_of_ours()
    {
        var values = OneOf("1", "-1", "1e400", "null", "\"\"", "\"left\"", "[]", "{}", "[[]]", "\"\\ud800\"", "{\"a\":{\"a\":1}}", "true");
        var names = OneOf("type", "data", "seed", "task_id", "message", "content", "tool_calls", "tool_name", "arguments", "step", "params", "jsonrpc", "method", "\\ud800", "");
        var objects = Gen.Select(names, values).Array[0, 4].Select(members => $"{{{string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}");
        var types = OneOf("reset", "step", "state", "mcp", "fly");
        var frames = Gen.OneOf(
            Gen.Select(types, objects).Select(pair => Encoding.UTF8.GetBytes($$"""{"type":"{{pair.Item1}}","data":{{pair.Item2}}}""")),
            objects.Select(Encoding.UTF8.GetBytes),
            Gen.Byte.Array[0, 40]);
        return frames.SampleAsync(
            async frame =>
            {
                using var client = await server.ConnectAsync();
                await client.SendAsync(frame, WebSocketMessageType.Binary);
                var answer = (await client.ReadAsync())!.Value;
                if (answer.GetProperty("type").GetString() == "error") answer.GetProperty("data").GetProperty("message").GetString()!.ShouldNotContain("the gateway failed");
            },
            iter: 300,
            threads: 1);
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);
}
