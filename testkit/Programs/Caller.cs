using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using SandQueue.Testing.Docker;

namespace SandQueue.Programs;

/// <summary>A caller of the program: speaks HTTP and JSON, and knows nothing else about it.</summary>
public sealed class Caller(Uri address, string? key = null) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = TimeSpan.FromSeconds(120) };

    public Uri Address => address;

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    public Task<Answer> DeleteAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path));

    /// <summary>Posts a body as it stands, right or wrong.</summary>
    public Task<Answer> PostAsync(string path, string body, string? idempotencyKey = null) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), idempotencyKey);

    public Task<Answer> PostAsync(string path, byte[] body, string? idempotencyKey = null)
    {
        var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        if (idempotencyKey is not null) request.Headers.Add("Idempotency-Key", idempotencyKey);
        return SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
            return await Answer.ReadAsync(response, TestContext.Current.CancellationToken);
        }
    }

    public Task<Answer> CreateAsync(string environment, string task, string? instance = null, string parameters = "{}") =>
        PostAsync("/create", $$"""{"env_type":"{{environment}}","task_id":"{{task}}","instance_id":{{Text(instance)}},"messages":{},"params":{{parameters}}}""");

    public Task<Answer> StepAsync(string instance, string content, string parameters = "{}", string? idempotencyKey = null) =>
        PostAsync("/step", $$"""{"instance_id":"{{instance}}","messages":{"role":"assistant","content":{{Text(content)}}},"params":{{parameters}}}""", idempotencyKey);

    public Task<Answer> EvaluateAsync(string instance, string parameters = "{}") =>
        PostAsync("/evaluate", $$"""{"instance_id":"{{instance}}","messages":{},"params":{{parameters}}}""");

    public Task<Answer> ReleaseAsync(string instance) => PostAsync("/release", $$"""{"instance_id":"{{instance}}"}""");

    /// <summary>Creates an instance that has to succeed, and says its name.</summary>
    public async Task<string> CreatedAsync(string environment, string task, string parameters = "{}") =>
        (await CreateAsync(environment, task, parameters: parameters)).Data.InstanceId();

    public void Dispose() => _http.Dispose();

    private static string Text(string? text) => JsonSerializer.Serialize(text);
}
