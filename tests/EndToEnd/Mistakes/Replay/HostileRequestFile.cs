using System.Text;
using System.Text.Json;

namespace SandQueue.EndToEnd.Mistakes.Replay;

/// <summary>
/// Reads this suite's own cases, a line of JSON each: <c>{"what", "call": "POST /step", "key", "headers", "status": [400], "says", "seconds"}</c>
/// and the body as one of <c>json</c>, <c>text</c>, <c>base64</c> or <c>long</c> (before, unit, times, after); or in place of all of
/// these <c>wire</c>, the lines of the whole request.
/// </summary>
internal static class HostileRequestFile
{
    /// <summary>What makes a request slow costs more than this; a machine that stands still for a moment does not.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static List<HostileRequest> Read(string file) =>
        [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => Read(JsonElement.Parse(line)))];

    private static HostileRequest Read(JsonElement line) => new(
        line.GetProperty("what").GetString()!,
        line.TryGetProperty("wire", out var wire) ? Wire(wire) : HttpBytes.Of(line.GetProperty("call").GetString()!, Headers(line), Body(line)),
        [.. line.GetProperty("status").EnumerateArray().Select(status => status.GetInt32())],
        line.TryGetProperty("says", out var says) ? says.GetString() : null,
        line.TryGetProperty("seconds", out var seconds) ? TimeSpan.FromSeconds(seconds.GetDouble()) : Limit);

    private static byte[] Wire(JsonElement lines) => Encoding.Latin1.GetBytes(string.Join("\r\n", lines.EnumerateArray().Select(line => line.GetString())));

    private static List<KeyValuePair<string, string>> Headers(JsonElement line)
    {
        var headers = new List<KeyValuePair<string, string>>();
        if (line.TryGetProperty("key", out var key)) headers.Add(new("Authorization", $"Bearer {key.GetString()}"));
        if (line.TryGetProperty("headers", out var others)) headers.AddRange(others.EnumerateObject().Select(header => new KeyValuePair<string, string>(header.Name, header.Value.GetString()!)));
        return headers;
    }

    private static byte[]? Body(JsonElement line)
    {
        if (line.TryGetProperty("json", out var json)) return Encoding.UTF8.GetBytes(json.GetRawText());
        if (line.TryGetProperty("text", out var text)) return Encoding.UTF8.GetBytes(text.GetString()!);
        if (line.TryGetProperty("base64", out var base64)) return base64.GetBytesFromBase64();
        return line.TryGetProperty("long", out var repeated) ? HttpBytes.Repeated(repeated) : null;
    }
}
