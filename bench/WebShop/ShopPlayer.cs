using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace SandQueue.Bench.WebShop;

/// <summary>One client that shops, episode after episode: search, look, go back, search again, buy.</summary>
/// <param name="http">Reaches the server.</param>
/// <param name="tasks">How many of the first tasks are played in turn.</param>
internal sealed class ShopPlayer(HttpClient http, int tasks)
{
    private const string Product = "a product";
    private static readonly string[] Clicks = [Product, "description", "< prev", "back to search"];

    private int _episode;

    /// <summary>Plays whole episodes until the time is over.</summary>
    /// <returns>The milliseconds of every step, and the seconds of it all, episodes made and released included.</returns>
    /// <exception cref="InvalidDataException">An answer was not what it has to be.</exception>
    public async Task<(List<double> Steps, double Seconds)> PlayAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        var steps = new List<double>();
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time) await PlayEpisodeAsync(steps, cancellationToken);
        return (steps, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private async Task PlayEpisodeAsync(List<double> steps, CancellationToken cancellationToken)
    {
        var id = $"shop-{_episode}";
        var opening = await CallAsync("create", new { env_type = "webshop", task_id = $"{_episode++ % tasks}", instance_id = id }, cancellationToken);
        var instruction = opening.GetProperty("info").GetProperty("instruction").GetString()!;
        var search = $"search[{instruction.Split(", and price")[0]}]";
        var page = await StepAsync(id, search, steps, cancellationToken);
        foreach (var click in Clicks) page = await StepAsync(id, Click(click, page), steps, cancellationToken);
        page = await StepAsync(id, search, steps, cancellationToken);
        page = await StepAsync(id, Click(Product, page), steps, cancellationToken);
        page = await StepAsync(id, Click("buy now", page), steps, cancellationToken);
        if (!page.GetProperty("is_terminated").GetBoolean()) throw new InvalidDataException($"{id}: the purchase did not end the episode: {page}");
        await CallAsync("release", new { instance_id = id }, cancellationToken);
    }

    private async Task<JsonElement> StepAsync(string id, string action, List<double> steps, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var page = await CallAsync("step", new { instance_id = id, messages = new { role = "assistant", content = action } }, cancellationToken);
        steps.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        return page.GetProperty("info").GetProperty("valid").GetBoolean() ? page : throw new InvalidDataException($"{id}: {action} was not possible: {page}");
    }

    private static string Click(string what, JsonElement page)
    {
        if (what != Product) return $"click[{what}]";
        var clickables = page.GetProperty("info").GetProperty("available_actions").GetProperty("clickables").EnumerateArray();
        return clickables.Select(text => text.GetString()!).FirstOrDefault(text => text.StartsWith(GeneratedCatalogue.AsinStart, StringComparison.OrdinalIgnoreCase)) is { } asin
            ? $"click[{asin}]"
            : throw new InvalidDataException($"a search found nothing: {page}");
    }

    private async Task<JsonElement> CallAsync(string verb, object body, CancellationToken cancellationToken)
    {
        using var response = await http.PostAsJsonAsync(new Uri(verb, UriKind.Relative), body, cancellationToken);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return response.IsSuccessStatusCode && answer.GetProperty("success").GetBoolean()
            ? answer.GetProperty("data")
            : throw new InvalidDataException($"{verb}: {(int)response.StatusCode} {answer}");
    }
}
