using System.Text;
using System.Text.Json;

namespace SandQueue.Bench.Doors;

/// <summary>A client of the Model Context Protocol: JSON-RPC over HTTP.</summary>
internal sealed class McpPlayer(HttpClient http) : IDoorPlayer
{
    private const string Version = "2025-06-18";

    private string? _session;
    private int _last;

    public async Task OpenAsync(string taskId, CancellationToken cancellationToken)
    {
        await PostAsync($$$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{{Version}}}}","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}""", cancellationToken);
        await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""", cancellationToken);
        await CallAsync("open_task", $$"""{"env_type":"frozenlake","task_id":"{{taskId}}"}""", cancellationToken);
    }

    public async Task<int> StepAsync(CancellationToken cancellationToken)
    {
        await CallAsync("send_message", """{"content":"<action>up</action>"}""", cancellationToken);
        return 1;
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is null) return;
        using var request = NewRequest(HttpMethod.Delete);
        using var response = await http.SendAsync(request);
    }

    private async Task CallAsync(string tool, string arguments, CancellationToken cancellationToken)
    {
        var answer = await PostAsync($$$"""{"jsonrpc":"2.0","id":{{{++_last}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}} }}""", cancellationToken);
        using var json = JsonDocument.Parse(answer.Split('\n').LastOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal))?[6..] ?? answer);
        var failed = !json.RootElement.TryGetProperty("result", out var result) || (result.TryGetProperty("isError", out var isError) && isError.GetBoolean());
        if (failed) throw new InvalidDataException(answer);
    }

    private async Task<string> PostAsync(string message, CancellationToken cancellationToken)
    {
        using var request = NewRequest(HttpMethod.Post);
        request.Content = new StringContent(message, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode) throw new InvalidDataException($"{(int)response.StatusCode} {answer}");
        if (response.Headers.TryGetValues("Mcp-Session-Id", out var sessions)) _session = sessions.First();
        return answer;
    }

    private HttpRequestMessage NewRequest(HttpMethod method)
    {
        var request = new HttpRequestMessage(method, "/mcp");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (_session is null) return request;
        request.Headers.Add("Mcp-Session-Id", _session);
        request.Headers.Add("MCP-Protocol-Version", Version);
        return request;
    }
}
