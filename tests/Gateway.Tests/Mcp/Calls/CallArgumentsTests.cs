using System.Text;
using System.Text.Json;
using SandQueue.Gateway.Mcp.Calls;

namespace SandQueue.Gateway.Tests.Mcp.Calls;

public sealed class CallArgumentsTests
{
    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"n","arguments":{ "a":"\ud800","a":1.0 },"_meta":{"x":1}}}""", """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"n","_meta":{"x":1}}}""", """{ "a":"\ud800","a":1.0 }""")]
    [InlineData("""{"method":"tools/call","params":{"name":"n","arguments":"text"}}""", """{"method":"tools/call","params":{"name":"n"}}""", "\"text\"")]
    [InlineData("""{"method":"tools/call","params":{"name":"n","arguments":null}}""", """{"method":"tools/call","params":{"name":"n"}}""", null)]
    [InlineData("""{"method":"tools/call","params":{"name":"n"}}""", """{"method":"tools/call","params":{"name":"n"}}""", null)]
    [InlineData("""{"method":"tools/call"}""", """{"method":"tools/call"}""", null)]
    [InlineData("""{"method":"tools/call","params":[{"arguments":1}]}""", """{"method":"tools/call","params":[{"arguments":1}]}""", null)]
    [InlineData("""{"method":"tools/list","params":{"arguments":{}}}""", """{"method":"tools/list","params":{"arguments":{}}}""", null)]
    [InlineData("""{"method":7}""", """{"method":7}""", null)]
    public void They_are_taken_out_of_a_call_to_the_byte_and_out_of_nothing_else(string message, string left, string? taken)
    {
        Encoding.UTF8.GetString(CallArguments.Take(JsonElement.Parse(message))).ShouldBe(left);

        (CallArguments.Current.ValueKind == JsonValueKind.Undefined ? null : CallArguments.Current.GetRawText()).ShouldBe(taken);
    }

    [Fact]
    public async Task What_outlives_the_request_neither_keeps_them_nor_takes_the_call_for_one_without()
    {
        CallArguments.Take(JsonElement.Parse("""{"method":"tools/call","params":{"name":"n","arguments":{"a":1}}}"""));
        var over = new TaskCompletionSource();
        var late = LateAsync();

        CallArguments.Drop();
        over.SetResult();

        await Should.ThrowAsync<OperationCanceledException>(() => late);

        async Task LateAsync()
        {
            CallArguments.Current.ValueKind.ShouldBe(JsonValueKind.Object);
            await over.Task;
            _ = CallArguments.Current;
        }
    }

    [Fact]
    public async Task Each_request_has_its_own()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            CallArguments.Take(JsonElement.Parse($$$"""{"method":"tools/call","params":{"name":"n","arguments":{{{number}}}}}"""));
            await Task.Yield();
            CallArguments.Current.GetInt32().ShouldBe(number);
        }));
    }
}
