using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SandQueue.Gateway.Http;

/// <summary>Writes small JSON answers; the large ones are bytes that pass through as they are.</summary>
internal static class JsonAnswer
{
    private const string ContentType = "application/json";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The form of every error: <c>{"detail": …}</c>.</summary>
    public static Task DetailAsync(HttpContext context, int status, string detail) =>
        ObjectAsync(context, status, new JsonObject { ["detail"] = detail });

    public static Task ObjectAsync(HttpContext context, int status, JsonObject answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        return context.Response.WriteAsync(answer.ToJsonString(Readable), context.RequestAborted);
    }

    /// <summary>Writes JSON bytes between two constant pieces.</summary>
    public static async Task WrappedAsync(HttpContext context, ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> json, ReadOnlyMemory<byte> after)
    {
        context.Response.ContentType = ContentType;
        context.Response.ContentLength = before.Length + json.Length + after.Length;
        var body = context.Response.BodyWriter;
        body.Write(before.Span);
        body.Write(json.Span);
        body.Write(after.Span);
        await body.FlushAsync(context.RequestAborted);
    }
}
