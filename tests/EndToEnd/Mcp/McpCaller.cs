using System.Net;
using System.Text;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mcp;

/// <summary>A client of MCP that says its ids itself, and sends what no SDK would: JSON-RPC over HTTP, and nothing else.</summary>
internal sealed class McpCaller(Caller caller)
{
    private const string Version = "2025-06-18";

    private int _last;

    public string? Session { get; set; }

    /// <summary>Begins a session.</summary>
    public async Task<JsonElement> BeginAsync(params (string Name, string Value)[] headers)
    {
        Session = null;
        var begun = await PostAsync($$$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{{Version}}}}","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""", headers);
        begun.Status.ShouldBe(HttpStatusCode.OK, begun.Body);
        Session = begun.Headers["Mcp-Session-Id"];
        (await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""")).Status.ShouldBe(HttpStatusCode.Accepted);
        return Messages(begun)[^1].GetProperty("result");
    }

    /// <summary>Calls a tool.</summary>
    /// <param name="tool">Its name.</param>
    /// <param name="arguments">Its arguments as JSON.</param>
    /// <param name="id">The request's id; one more than the last if not said.</param>
    /// <returns>All messages of the answer; the last is the response.</returns>
    public async Task<List<JsonElement>> CallAsync(string tool, string arguments = "{}", int? id = null)
    {
        var answer = await PostAsync($$$"""{"jsonrpc":"2.0","id":{{{id ?? ++_last}}},"method":"tools/call","params":{"name":{{{JsonSerializer.Serialize(tool)}}},"arguments":{{{arguments}}}}}""");
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return Messages(answer);
    }

    /// <summary>The result of a call that has to have one.</summary>
    public async Task<JsonElement> ResultAsync(string tool, string arguments = "{}", int? id = null) => (await CallAsync(tool, arguments, id))[^1].GetProperty("result");

    /// <summary>What a call that has to go well says to programs.</summary>
    public async Task<JsonElement> ToldAsync(string tool, string arguments = "{}", int? id = null)
    {
        var result = await ResultAsync(tool, arguments, id);
        result.TryGetProperty("isError", out var failed).ShouldBe(failed.ValueKind == JsonValueKind.False, result.GetRawText());
        return result.GetProperty("structuredContent");
    }

    /// <summary>What a call that has to fail says to programs.</summary>
    public async Task<JsonElement> FailureAsync(string tool, string arguments = "{}", int? id = null)
    {
        var result = await ResultAsync(tool, arguments, id);
        result.GetProperty("isError").GetBoolean().ShouldBeTrue(result.GetRawText());
        return result.GetProperty("structuredContent");
    }

    public async Task<string[]> ToolsAsync() =>
        [.. Messages(await PostAsync($$"""{"jsonrpc":"2.0","id":{{++_last}},"method":"tools/list"}"""))[^1].GetProperty("result").GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!)];

    public Task<Answer> EndAsync() => SendAsync(new HttpRequestMessage(HttpMethod.Delete, "/mcp"));

    public Task<Answer> PostAsync(string message, params (string Name, string Value)[] headers) => PostAsync(Encoding.UTF8.GetBytes(message), headers);

    public Task<Answer> PostAsync(byte[] message, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new ByteArrayContent(message) };
        request.Content.Headers.ContentType = new("application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return SendAsync(request);
    }

    public Task<Answer> SendAsync(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (Session is not null)
        {
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", Session);
            request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", Version);
        }

        return caller.SendAsync(request);
    }

    /// <summary>The messages of an answer, be it a stream of events or one object.</summary>
    public static List<JsonElement> Messages(Answer answer) => answer.Headers["Content-Type"].StartsWith("text/event-stream", StringComparison.Ordinal)
        ? [.. answer.Body.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonElement.Parse(line["data: ".Length..]))]
        : [answer.Json];
}
