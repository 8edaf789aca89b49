using System.Text;
using System.Text.Json;

namespace SandQueue.EndToEnd.RestV1;

/// <summary>Reads a stream of server-sent events as it comes, event by event.</summary>
internal sealed class EventReader : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpClient http, HttpResponseMessage response, Stream stream) => (_http, _response, _lines) = (http, response, new StreamReader(stream, Encoding.UTF8));

    public string? ContentType => _response.Content.Headers.ContentType?.ToString();

    public string CacheControl => string.Join(',', _response.Headers.NonValidated["Cache-Control"]);

    /// <summary>Opens a stream, and returns once its headers are there.</summary>
    /// <param name="address">The gateway.</param>
    /// <param name="path">What is followed.</param>
    /// <param name="last">The id of the last event that the reader has; null where it has none.</param>
    public static async Task<EventReader> OpenAsync(Uri address, string path, string? last = null)
    {
        var http = new HttpClient { BaseAddress = address, Timeout = Limit };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (last is not null) request.Headers.Add("Last-Event-ID", last);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue();
        return new EventReader(http, response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The next event; null where the stream has ended.</summary>
    public async Task<Event?> ReadAsync()
    {
        var (type, id, data) = ("", (string?)null, new List<string>());
        while (await _lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit, TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Length == 0) return new Event(type, id, JsonElement.Parse(string.Join('\n', data)));
            if (line.StartsWith("event: ", StringComparison.Ordinal)) type = line["event: ".Length..];
            else if (line.StartsWith("id: ", StringComparison.Ordinal)) id = line["id: ".Length..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal)) data.Add(line["data: ".Length..]);
            else throw new InvalidOperationException($"a line of no event: {line}");
        }

        data.ShouldBeEmpty("the stream ended within an event");
        return null;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    public sealed record Event(string Type, string? Id, JsonElement Data);
}
