using System.IO.Pipelines;
using System.Text.Json;

namespace SandQueue.Gateway.RestV1.Answers;

/// <summary>An answer of JSON lines, each sent as it is ready. There is no status any more once the first is under way: what goes wrong then cuts the answer.</summary>
internal sealed class JsonLinesAnswer(HttpContext context)
{
    public const string ContentType = "application/jsonl";

    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    private PipeWriter Body => context.Response.BodyWriter;

    /// <summary>Sends the status and the headers.</summary>
    public async Task StartAsync()
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.StartAsync(context.RequestAborted);
    }

    /// <summary>Sends a line.</summary>
    public async Task WriteAsync(Action<Utf8JsonWriter> line)
    {
        await using (var writer = new Utf8JsonWriter(Body, RestJson.Writer)) line(writer);
        await Body.WriteAsync(LineEnd, context.RequestAborted);
        await Body.FlushAsync(context.RequestAborted);
    }
}
