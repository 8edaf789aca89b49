using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace SandQueue.Gateway.Http;

/// <summary>A request's JSON object. Members that pass through are taken out as the bytes they came as.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int LongestShown = 60;

    /// <summary>What an agent nests too deep its environment answers, as an observation; far deeper than any agent nests, it is the caller's mistake.</summary>
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8_192 };

    /// <summary>The parser's index of a larger body is as large, and would stay in the process-wide pool of arrays for good.</summary>
    private const int LargestPooled = 256 << 10;

    private readonly JsonDocument _document;

    private readonly bool _isLarge;

    private RequestBody(JsonDocument document, int length) => (_document, _isLarge) = (document, length > LargestPooled);

    public JsonElement Root => _document.RootElement;

    /// <exception cref="BadRequestException">The body is empty, too large, too slow, or no JSON object.</exception>
    public static async Task<RequestBody> ReadAsync(HttpContext context, BodyLimit limit, TimeProvider time) => Parse(await BodyReading.ReadAsync(context, limit, time));

    /// <exception cref="BadRequestException">The body is empty, or no JSON object.</exception>
    public static RequestBody Parse(byte[] bytes)
    {
        try
        {
            if (bytes.Length == 0) throw new BadRequestException("the body is empty; send a JSON object");
            // The parser looks at the text of a value only when it is asked for, and most values are not ours to ask for.
            if (!Utf8.IsValid(bytes)) throw new BadRequestException("the body is not UTF-8, which JSON is");
            var document = JsonDocument.Parse(bytes, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new RequestBody(document, bytes.Length);
            using (document) throw new BadRequestException($"the body must be a JSON object, not {Shown(document.RootElement)}");
        }
        catch (JsonException exception)
        {
            throw new BadRequestException(bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty ? "the body is empty; send a JSON object" : $"the body is not JSON: {Said(exception)}");
        }
    }

    public bool Has(string name) => Fields.Has(name);

    public JsonFields Fields => new(Root);

    public void Dispose()
    {
        // Without it the arrays are the collector's.
        if (!_isLarge) _document.Dispose();
    }

    /// <summary>The parser's sentence, with its place as people count.</summary>
    private static string Said(JsonException exception)
    {
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var sentence = (end < 0 ? exception.Message : exception.Message[..end]).TrimEnd('.');
        return $"{sentence} (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1})";
    }

    internal static string Shown(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        _ => Short(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value))),
    };

    /// <summary>A number may have as many digits as a body has bytes.</summary>
    private static string Short(string value) => value.Length > LongestShown ? $"{value[..LongestShown]}…" : value;
}
