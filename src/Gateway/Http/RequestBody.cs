using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace SandQueue.Gateway.Http;

/// <summary>A request's JSON object. Members that pass through are taken out as the bytes they came as.</summary>
internal sealed class RequestBody : IDisposable
{
    private const int LongestShown = 60;

    private readonly JsonDocument _document;

    private RequestBody(JsonDocument document) => _document = document;

    public JsonElement Root => _document.RootElement;

    /// <exception cref="BadRequestException">The body is empty, too large, or no JSON object.</exception>
    public static async Task<RequestBody> ReadAsync(HttpContext context)
    {
        try
        {
            if (context.Request.ContentLength == 0) throw new BadRequestException("the body is empty; send a JSON object");
            var document = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return new RequestBody(document);
            using (document) throw new BadRequestException($"the body must be a JSON object, not {Shown(document.RootElement)}");
        }
        catch (JsonException exception)
        {
            throw new BadRequestException(
                exception is { LineNumber: 0, BytePositionInLine: 0 } && context.Request.ContentLength is null or 0
                    ? "the body is empty; send a JSON object"
                    : $"the body is not JSON: {exception.Message}");
        }
        catch (BadHttpRequestException exception)
        {
            throw new BadRequestException(
                exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? $"the body is too large: {exception.Message}" : $"the body could not be read: {exception.Message}",
                exception.StatusCode);
        }
    }

    public bool Has(string name) => Fields.Has(name);

    public JsonFields Fields => new(Root);

    public void Dispose() => _document.Dispose();

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
