using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace SandQueue.Bench.Load;

/// <summary>One client that plays one FrozenLake episode over HTTP, bumping into the edge so that it never ends by itself.</summary>
internal sealed class EpisodePlayer(HttpClient http, IReadOnlyList<Uri> gateways, string instanceId)
{
    private int _calls;

    /// <returns>The milliseconds of each step.</returns>
    /// <exception cref="InvalidDataException">An answer was not what it has to be.</exception>
    public async Task<List<double>> PlayAsync(string taskId, int steps, CancellationToken cancellationToken)
    {
        await CreateAsync(taskId, cancellationToken);
        var latencies = new List<double>(steps);
        for (var step = 1; step <= steps; step++) latencies.Add(await StepAsync(step, cancellationToken));
        await EndAsync(cancellationToken);
        return latencies;
    }

    public Task CreateAsync(string taskId, CancellationToken cancellationToken) => CallAsync("create", new { env_type = "frozenlake", task_id = taskId, instance_id = instanceId }, cancellationToken);

    /// <returns>The step's milliseconds.</returns>
    public async Task<double> StepAsync(int step, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await CallAsync("step", new { instance_id = instanceId, messages = new { role = "assistant", content = "<action>up</action>" } }, cancellationToken);
        var taken = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        var number = answer.GetProperty("data").GetProperty("info").GetProperty("step").GetInt32();
        return number == step ? taken : throw new InvalidDataException($"{instanceId}: step {step} was answered as step {number}");
    }

    /// <summary>Has the episode scored, and released.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        await CallAsync("evaluate", new { instance_id = instanceId, @params = new { sparse = true } }, cancellationToken);
        await CallAsync("release", new { instance_id = instanceId }, cancellationToken);
    }

    private async Task<JsonElement> CallAsync(string verb, object body, CancellationToken cancellationToken)
    {
        var gateway = gateways[(instanceId.GetHashCode(StringComparison.Ordinal) + _calls++ & int.MaxValue) % gateways.Count];
        using var response = await http.PostAsJsonAsync(new Uri(gateway, verb), body, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return response.IsSuccessStatusCode && answer.GetProperty("success").GetBoolean()
            ? answer
            : throw new InvalidDataException($"{verb} of {instanceId}: {(int)response.StatusCode} {answer}");
    }
}
