using System.Buffers;
using System.Net.ServerSentEvents;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.RestV1.Answers;

/// <summary>
/// Answers by server-sent events, where a caller asks for them with <c>Accept: text/event-stream</c>. A stream ends by itself after a while; a client comes
/// back with <c>Last-Event-ID</c>, as browsers do.
/// </summary>
internal static class EventStream
{
    private const string ContentType = "text/event-stream";

    /// <summary>A stream that tells nothing for so long says that it is there: proxies close what is silent.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    public static bool IsAsked(HttpRequest request) => request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase));

    public static SseItem<byte[]> Event(string type, byte[] data, string? id = null) => new(data, type) { EventId = id };

    public static async Task WriteAsync(HttpContext context, IAsyncEnumerable<SseItem<byte[]>> events)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.Body.FlushAsync(context.RequestAborted);
        try
        {
            await SseFormatter.WriteAsync(events, context.Response.Body, (item, writer) => writer.Write(item.Data), context.RequestAborted);
        }
        catch (Exception exception) when (exception is OperationCanceledException || DatabaseFailure.Is(exception))
        {
            // There is no status to say it with any more: the stream ends, and its client comes back where it was.
        }
    }
}
