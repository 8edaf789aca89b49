using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using SandQueue.Gateway.AgentScope.Calls;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Tests.Http;

public sealed class RequestBodyTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("{")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("3")]
    [InlineData("{} {}")]
    [InlineData("{'a':1}")]
    public async Task What_is_no_JSON_object_is_refused_in_one_line(string body)
    {
        var wrong = await Should.ThrowAsync<BadRequestException>(ReadAsync(Encoding.UTF8.GetBytes(body)));
        wrong.Status.ShouldBe(400);
        wrong.Message.ShouldNotBeEmpty();
        wrong.Message.ShouldNotContain("\n");
    }

    [Fact]
    public async Task What_an_agent_nests_too_deep_is_its_environments_to_answer()
    {
        using var body = await ReadAsync(Nested(8_000));
        AssistantMessage.Read(body.Fields, "messages").Length.ShouldBeGreaterThan(16_000);
    }

    [Fact]
    public async Task What_no_agent_nests_is_refused() => await Should.ThrowAsync<BadRequestException>(ReadAsync(Nested(10_000)));

    [Fact]
    public async Task A_long_number_is_shown_short() =>
        (await Should.ThrowAsync<BadRequestException>(ReadAsync(Encoding.UTF8.GetBytes(new string('1', 100_000))))).Message.Length.ShouldBeLessThan(200);

    [Fact]
    public async Task An_empty_body_is_said_to_be_empty()
    {
        (await Should.ThrowAsync<BadRequestException>(ReadAsync([]))).Message.ShouldContain("empty");
        (await Should.ThrowAsync<BadRequestException>(ReadAsync([], length: null))).Message.ShouldContain("empty");
    }

    [Fact]
    public async Task Whatever_bytes_come_they_are_read_or_refused()
    {
        var pieces = Gen.OneOf(
            "{", "}", "[", "]", ":", ",", "\"", "\\", "null", "true", "1e9", "-", "0", " ", "\n", "\"instance_id\"", "\"params\"", "\"messages\"", "\"a\":1", "\"\\ud800\"",
            "\"\\ud800abcdefghijklmnopqrstuvw\":1,", "\"instance_id\":\"\\ud800\"", "\"params\":{\"_step\":", "\"x\0y\"");
        var bodies = Gen.OneOf(
            pieces.List[0, 12].Select(list => Encoding.UTF8.GetBytes(string.Concat(list))),
            Gen.Byte.Array[0, 40],
            Gen.Select(Gen.Byte.Array[0, 20], text => (byte[])[.. "{\"instance_id\":\""u8, .. text, .. "\",\"params\":{\"_command_id\":\""u8, .. text, .. "\"}}"u8]),
            Gen.Select(pieces.List[0, 6], list => Encoding.UTF8.GetBytes($"{{\"\\ud800abcdefghijklmnopqrstuvw\":{{}},{string.Concat(list)}}}")));
        await bodies.SampleAsync(async bytes =>
        {
            try
            {
                using var body = await ReadAsync(bytes);
                foreach (var name in (string[])["instance_id", "params", "messages", "a", "_step"])
                {
                    Try(() => body.Has(name));
                    Try(() => body.Fields.Required(name));
                    Try(() => body.Fields.Optional(name));
                    Try(() => body.Fields.Integer(name));
                    Try(() => JsonFields.Bytes(body.Fields.Object(name)));
                    Try(() => new JsonFields(body.Fields.Object("params")).Optional(name));
                }
            }
            catch (BadRequestException)
            {
                // That, and nothing else, is what a wrong body may throw.
            }

            return true;
        }, iter: 3000);
    }

    private static void Try(Func<object?> look)
    {
        try
        {
            look();
        }
        catch (BadRequestException exception)
        {
            exception.Message.Length.ShouldBeInRange(1, 300);
        }
    }

    private static Task<RequestBody> ReadAsync(byte[] bytes) => ReadAsync(bytes, bytes.Length);

    private static Task<RequestBody> ReadAsync(byte[] bytes, long? length)
    {
        var context = new DefaultHttpContext();
        (context.Request.Body, context.Request.ContentLength) = (new MemoryStream(bytes), length);
        return RequestBody.ReadAsync(context, new BodyLimit(1 << 20, TimeSpan.FromSeconds(30)), TimeProvider.System);
    }

    private static byte[] Nested(int levels) => Encoding.UTF8.GetBytes(
        $$"""{"instance_id":"i","messages":{"tool_calls":[{"name":"f","arguments":{"x":{{new string('[', levels)}}{{new string(']', levels)}} } }]} }""");
}
