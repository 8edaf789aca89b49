using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Testing;

namespace SandQueue.Bench.Batches;

/// <summary>Asks one gateway for batches, and waits for them through whatever happens meanwhile.</summary>
internal sealed class BatchCaller(Uri gateway) : IDisposable
{
    private static readonly TimeSpan ServedLimit = TimeSpan.FromMinutes(2);
    /// <summary>How long a batch may take, faults included.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http = new() { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(120) };

    public void Dispose() => _http.Dispose();

    /// <summary>Waits until an environment is served.</summary>
    public Task ServedAsync(string environment) => Until.TrueAsync($"{environment} is served", async () => (await TryGetAsync($"v1/environments/{environment}/tasks?limit=1")).Status == HttpStatusCode.OK, ServedLimit);

    /// <summary>The ids of tasks of an environment: at most 1,000 of a split whose ids contain a text.</summary>
    public async Task<IReadOnlyList<string>> TasksAsync(string environment, string split, string search = "") =>
        [.. (await GetAsync($"v1/environments/{environment}/tasks?split={split}&limit=1000{(search.Length > 0 ? $"&search={search}" : "")}")).GetProperty("tasks").EnumerateArray().Select(id => id.GetString()!)];

    /// <summary>Plays a batch to its end.</summary>
    /// <param name="request">The batch, with <c>batch_id</c>.</param>
    /// <param name="whilePlayed">Runs beside it once it was asked for, and is waited for.</param>
    /// <exception cref="InvalidDataException">It was refused.</exception>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<PlayedBatch> PlayAsync(JsonObject request, Func<Task>? whilePlayed = null)
    {
        var (id, started) = ((string)request["batch_id"]!, Stopwatch.GetTimestamp());
        using var body = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(new Uri("v1/batches", UriKind.Relative), body);
        if (answer.StatusCode != HttpStatusCode.Created) throw new InvalidDataException($"batch {id} was answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        var beside = whilePlayed?.Invoke() ?? Task.CompletedTask;
        var batch = await ClosedAsync(id, started);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await beside;
        return new PlayedBatch(id, batch, await ResultsAsync(id), seconds);
    }

    /// <exception cref="InvalidDataException">It was answered with an error.</exception>
    public async Task<JsonElement> GetAsync(string path)
    {
        var (status, body) = await TryGetAsync(path);
        return status == HttpStatusCode.OK ? JsonElement.Parse(body) : throw new InvalidDataException($"GET {path} was answered {(int)status}: {body}");
    }

    private async Task<JsonElement> ClosedAsync(string id, long started)
    {
        var last = "";
        while (Stopwatch.GetElapsedTime(started) < Limit)
        {
            var (status, body) = await TryGetAsync($"v1/batches/{id}?wait=20");
            last = body;
            if (status == HttpStatusCode.OK && JsonElement.Parse(body) is var batch)
            {
                var state = batch.GetProperty("state").GetString();
                if (state == "closed") return batch;
                if (state == "paused") throw new InvalidDataException($"batch {id} paused: {batch.GetProperty("pause_reason")}");
            }
            else
            {
                // A gateway whose database is away says so, and is asked again.
                await Task.Delay(Pause);
            }
        }

        throw new TimeoutException($"batch {id} is not closed after {Limit.TotalMinutes:0} minutes: {last}");
    }

    private async Task<IReadOnlyList<JsonElement>> ResultsAsync(string id)
    {
        var (status, body) = await TryGetAsync($"v1/batches/{id}/results");
        return status == HttpStatusCode.OK
            ? [.. body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))]
            : throw new InvalidDataException($"the results of {id} were answered {(int)status}: {body}");
    }

    private async Task<(HttpStatusCode Status, string Body)> TryGetAsync(string path)
    {
        try
        {
            using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException exception)
        {
            return (HttpStatusCode.ServiceUnavailable, exception.Message);
        }
    }
}
