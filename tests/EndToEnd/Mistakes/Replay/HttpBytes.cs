using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SandQueue.EndToEnd.Mistakes.Replay;

/// <summary>Composes requests as bytes, so that nothing between corrects what is wrong with them.</summary>
internal static class HttpBytes
{
    private static readonly string[] OfTheBody = ["Content-Length", "Transfer-Encoding"];

    /// <param name="call">Method and target, as they go out.</param>
    /// <param name="headers">Headers; <c>Host</c> and <c>Content-Length</c> are added where they are missing.</param>
    /// <param name="body">The body, or null for a request without one.</param>
    public static byte[] Of(string call, IEnumerable<KeyValuePair<string, string>> headers, byte[]? body)
    {
        var given = headers.ToList();
        var head = new StringBuilder().Append(call).Append(" HTTP/1.1\r\n");
        if (!Has(given, "Host")) head.Append("Host: 127.0.0.1\r\n");
        if (!Has(given, "Connection")) head.Append("Connection: close\r\n");
        foreach (var (name, value) in given) head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (body is not null && !OfTheBody.Any(name => Has(given, name))) head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body ?? []];
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A body of <c>[before, unit, times, after]</c>.</summary>
    public static byte[] Repeated(JsonElement parts)
    {
        var unit = Utf8(parts[1].GetString()!);
        var body = new MemoryStream();
        body.Write(Utf8(parts[0].GetString()!));
        for (var time = 0; time < parts[2].GetInt32(); time++) body.Write(unit);
        body.Write(Utf8(parts[3].GetString()!));
        return body.ToArray();
    }

    private static bool Has(List<KeyValuePair<string, string>> headers, string name) =>
        headers.Exists(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase));
}
