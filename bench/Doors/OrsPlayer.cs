using System.Text;
using System.Text.Json;

namespace SandQueue.Bench.Doors;

/// <summary>A client of the Open Reward Standard: each call is answered by a stream of events.</summary>
internal sealed class OrsPlayer(HttpClient http) : IDoorPlayer
{
    private string _session = "";

    public async Task OpenAsync(string taskId, CancellationToken cancellationToken)
    {
        _session = Events(await PostAsync("/create_session", "{}", cancellationToken)).First(one => one.Name == "task_id").Value;
        await PostAsync("/create", $$$"""{"env_name":"frozenlake","task_spec":{"task_id":"{{{taskId}}}"}}""", cancellationToken);
    }

    public async Task<int> StepAsync(CancellationToken cancellationToken)
    {
        var answer = await PostAsync("/frozenlake/call", """{"name":"send_message","input":{"content":"<action>up</action>"}}""", cancellationToken);
        var result = string.Concat(Events(answer).Where(one => one.Name is "chunk" or "end").Select(one => one.Value));
        using var json = JsonDocument.Parse(result);
        return json.RootElement.GetProperty("ok").GetBoolean() ? 1 : throw new InvalidDataException(result);
    }

    public async ValueTask DisposeAsync()
    {
        if (_session.Length > 0) await PostAsync("/delete", "{}", CancellationToken.None);
    }

    private async Task<string> PostAsync(string path, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (_session.Length > 0) request.Headers.Add("X-Session-ID", _session);
        using var response = await http.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? answer : throw new InvalidDataException($"{path}: {(int)response.StatusCode} {answer}");
    }

    private static IEnumerable<(string Name, string Value)> Events(string stream) =>
        from one in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        let lines = one.Split('\n')
        where lines.Any(line => line.StartsWith("event: ", StringComparison.Ordinal))
        select (lines.First(line => line.StartsWith("event: ", StringComparison.Ordinal))[7..], string.Join('\n', lines.Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => line[6..])));
}
