using System.Text;
using System.Text.Json;
using SandQueue.Programs;
using SandQueue.Testing.Ors;

namespace SandQueue.EndToEnd.Ors;

/// <summary>Asks as the public client of the Open Reward Standard does: these headers, and a stream that is read line by line.</summary>
internal sealed class OrsClient : IDisposable
{
    private readonly HttpClient _http;

    public OrsClient(Uri address, string? key, string session)
    {
        (Session, _http) = (session, new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) });
        if (key is not null) _http.DefaultRequestHeaders.Add("X-API-Key", key);
        _http.DefaultRequestHeaders.Add("X-Session-ID", session);
    }

    public string Session { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<OrsClient> OpenAsync(Uri address, string? key = null)
    {
        using var http = new HttpClient { BaseAddress = address };
        if (key is not null) http.DefaultRequestHeaders.Add("X-API-Key", key);
        using var answer = await http.PostAsync("/create_session", new StringContent("{}"), Cancel);
        return new OrsClient(address, key, OrsCall.Read(await answer.Content.ReadAsStringAsync(Cancel)).TaskId);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, body: null);

    public Task<Answer> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    public async Task<OrsCall> CallAsync(string environment, string call) => OrsCall.Read((await PostAsync($"/{environment}/call", call)).Body);

    /// <summary>The output of a call that has to have one.</summary>
    public async Task<JsonElement> OutputAsync(string environment, string call)
    {
        var result = (await CallAsync(environment, call)).Result!.Value;
        result.GetProperty("ok").GetBoolean().ShouldBeTrue(result.GetRawText());
        return result.GetProperty("output");
    }

    /// <summary>Calls, and hangs up once the call's id has come.</summary>
    public async Task<string> HangUpAsync(string environment, string call)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/{environment}/call") { Content = new StringContent(call, Encoding.UTF8, "application/json") };
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        while (await lines.ReadLineAsync(Cancel) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return line[6..];
        }

        throw new InvalidOperationException("the stream has no id");
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, Cancel);
        return await Answer.ReadAsync(response, Cancel);
    }
}
