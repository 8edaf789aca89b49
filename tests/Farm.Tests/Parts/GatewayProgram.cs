using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Testing;
using SandQueue.Testing.Farm;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>An answer of a gateway.</summary>
/// <param name="Status">The HTTP status; 0 where the connection broke.</param>
/// <param name="Body">The JSON.</param>
internal sealed record Answer(int Status, JsonElement Body)
{
    public JsonElement Good => Status == 200 ? Body.GetProperty("data") : throw new InvalidOperationException($"{Status}: {Body}");
}

/// <summary>A gateway that runs, and calls to it.</summary>
internal sealed class GatewayProgram : IAsyncDisposable
{
    /// <summary>Far above every limit of the gateway's own: whoever runs into it was stuck.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(4);

    private readonly HttpClient _http;

    private GatewayProgram(FarmProgram program, string listen)
    {
        Program = program;
        _http = new HttpClient { BaseAddress = new Uri($"http://{listen}"), Timeout = Stuck };
    }

    public FarmProgram Program { get; }

    public Uri Address => _http.BaseAddress!;

    public static async Task<GatewayProgram> StartAsync(Dictionary<string, string> settings, string temporary)
    {
        var listen = $"127.0.0.1:{FreePort.Take()}";
        settings["Gateway:Listen"] = listen;
        var gateway = new GatewayProgram(FarmProgram.Start("Gateway", settings, temporary), listen);
        await Until.TrueAsync("the gateway answers", gateway.IsHealthyAsync, StartLimit, () => gateway.Program.LastOutput);
        return gateway;
    }

    public Task<Answer> CreateAsync(string instance, string task = "8x8-3", string? key = null) =>
        PostAsync("create", new JsonObject { ["env_type"] = "frozenlake", ["task_id"] = task, ["instance_id"] = instance }, key);

    public Task<Answer> StepAsync(string instance, string text, string? key = null) =>
        PostAsync("step", new JsonObject { ["instance_id"] = instance, ["messages"] = new JsonObject { ["role"] = "assistant", ["content"] = text } }, key);

    public Task<Answer> EvaluateAsync(string instance, string? key = null) => PostAsync("evaluate", new JsonObject { ["instance_id"] = instance }, key);

    public Task<Answer> ReleaseAsync(string instance, string? key = null) => PostAsync("release", new JsonObject { ["instance_id"] = instance }, key);

    public Task<Answer> ListTasksAsync() => PostAsync("get_env_profile", new JsonObject { ["env_type"] = "frozenlake" }, key: null);

    public async Task<Answer> PostAsync(string path, JsonObject body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        return await SendAsync(request);
    }

    public async Task<Answer> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        await Program.DisposeAsync();
        _http.Dispose();
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        try
        {
            using var response = await _http.SendAsync(request);
            using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
            return new Answer((int)response.StatusCode, json.RootElement.Clone());
        }
        catch (HttpRequestException exception)
        {
            return new Answer(0, JsonSerializer.SerializeToElement(exception.Message));
        }
    }

    private async Task<bool> IsHealthyAsync()
    {
        if (Program.HasExited) throw new InvalidOperationException($"the gateway ended: {Program.LastOutput}");
        try
        {
            using var answer = await _http.GetAsync(new Uri("healthz", UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
