using System.Buffers;
using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.RestV1.Answers;

/// <summary>
/// Answers by server-sent events, where a caller asks for them with <c>Accept: text/event-stream</c>. A stream ends by itself after a while; a client comes
/// back with <c>Last-Event-ID</c>, as browsers do.
/// </summary>
internal sealed partial class EventStream(IOptions<GatewayOptions> options, ILogger<EventStream> log)
{
    public const string LastEvent = "Last-Event-ID";

    private const string ContentType = "text/event-stream";

    /// <summary>A stream that tells nothing for so long says that it is there: proxies close what is silent.</summary>
    public static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    public static bool IsAsked(HttpRequest request) => request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(ContentType, StringComparison.OrdinalIgnoreCase));

    /// <summary>The id of the last event that the client has; empty where it has none.</summary>
    public static string LastId(HttpRequest request) => request.Headers[LastEvent].ToString();

    /// <summary>Clients that come back by themselves stop at this status.</summary>
    public static void SayThatItIsOver(HttpContext context) => context.Response.StatusCode = StatusCodes.Status204NoContent;

    public static SseItem<byte[]> Event(string type, byte[] data, string? id = null) => new(data, type) { EventId = id };

    /// <exception cref="BadRequestException">The tenant has as many streams as it may.</exception>
    public async Task WriteAsync(HttpContext context, IAsyncEnumerable<SseItem<byte[]>> events)
    {
        var tenant = context.Tenant();
        var most = options.Value.EventStreams;
        try
        {
            if (_open.AddOrUpdate(tenant, 1, (_, count) => count + 1) > most && most > 0)
            {
                throw new BadRequestException(
                    $"this tenant has {most} event streams open at this gateway, and may have no more (Gateway:EventStreams)", StatusCodes.Status429TooManyRequests, OutcomeNames.Reason(CommandReason.OverLimit));
            }

            await TellAsync(context, events);
        }
        finally
        {
            // One that nobody has any more is taken out, for there is no end of tenants.
            if (_open.AddOrUpdate(tenant, 0, (_, count) => count - 1) == 0) _open.TryRemove(KeyValuePair.Create(tenant, 0));
        }
    }

    private async Task TellAsync(HttpContext context, IAsyncEnumerable<SseItem<byte[]>> events)
    {
        context.Response.ContentType = ContentType;
        context.Response.Headers.CacheControl = "no-cache,no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await context.Response.Body.FlushAsync(context.RequestAborted);
        try
        {
            await SseFormatter.WriteAsync(events, context.Response.Body, (item, writer) => writer.Write(item.Data), context.RequestAborted);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            // There is no status to say it with any more: the stream ends, and its client comes back where it was.
            Ended(context.Request.Path, exception);
        }
        catch (OperationCanceledException)
        {
            // The client has gone, or the gateway stops.
        }
    }

    [LoggerMessage(LogLevel.Warning, "the event stream {Path} ended: the database cannot be reached")]
    private partial void Ended(string path, Exception failure);
}
