using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Contracts;

namespace SandQueue.Gateway.Http;

/// <summary>Writes small JSON answers; the large ones are bytes that pass through as they are.</summary>
internal static class JsonAnswer
{
    public const string ContentType = "application/json";

    /// <summary>What is written before the client has taken some of it; more would only lie in memory.</summary>
    private const int FlushedBytes = 256 << 10;

    private static readonly JsonWriterOptions Unchecked = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The form of every error: <c>{"detail": …}</c>, where the detail is one line.</summary>
    public static JsonObject Error(string detail) => new() { ["detail"] = OneLine.Of(detail) };

    /// <summary>An object whose members are written one by one, some of them as the bytes they are.</summary>
    public static byte[] Bytes(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Unchecked))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Bytes(JsonObject answer) => JsonSerializer.SerializeToUtf8Bytes(answer, Readable);

    /// <summary>Writes an error in the form that errors have under the request's path.</summary>
    /// <param name="context">The request; nothing of its answer was written yet.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="detail">What was wrong, where, what to do.</param>
    /// <param name="code">The reason for programs; null where the status says it.</param>
    public static Task DetailAsync(HttpContext context, int status, string detail, string? code = null) =>
        context.Features.Get<ErrorForm>() is { } form ? form.WriteAsync(context, status, detail, code) : ObjectAsync(context, status, Error(detail));

    public static Task ObjectAsync(HttpContext context, int status, JsonObject answer, string contentType = ContentType) =>
        BytesAsync(context, status, Bytes(answer), contentType);

    public static Task BytesAsync(HttpContext context, int status, ReadOnlyMemory<byte> json, string contentType = ContentType)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, context.RequestAborted).AsTask();
    }

    /// <summary>Writes JSON bytes between two constant pieces.</summary>
    public static async Task WrappedAsync(HttpContext context, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> after)
    {
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = before.Length + json.Length + after.Length;
        var body = context.Response.BodyWriter;
        body.Write(before.Span);
        for (; json.Length > FlushedBytes; json = json[FlushedBytes..])
        {
            body.Write(json.Span[..FlushedBytes]);
            await body.FlushAsync(context.RequestAborted);
        }

        body.Write(json.Span);
        body.Write(after.Span);
        await body.FlushAsync(context.RequestAborted);
    }
}
