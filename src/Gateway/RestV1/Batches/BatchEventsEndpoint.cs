using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary><c>GET /v1/batches/{batch_id}/events</c>: a batch as it goes on: <c>progress</c> whenever something changed, <c>end</c> once it is closed.</summary>
internal sealed class BatchEventsEndpoint(BatchReading batches, EventStream stream, TimeProvider time) : IRestEndpoint
{
    private const string End = "end";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public RestOperation Operation { get; } = new("followBatch", "Follows a batch, with Accept: text/event-stream; without, says where it stands", typeof(BatchView));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var (tenant, id) = (context.Tenant(), PathText.Of(context, "batch_id"));
        var batch = await batches.RequireAsync(tenant, id, context.RequestAborted);
        if (!EventStream.IsAsked(context.Request)) await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, await batches.WriteAsync(batch, context.RequestAborted));
        else if (EventStream.LastId(context.Request) == End && batch.ClosedAt is not null) EventStream.SayThatItIsOver(context);
        else await stream.WriteAsync(context, FollowAsync(tenant, id, context.RequestAborted));
    }

    private async IAsyncEnumerable<SseItem<byte[]>> FollowAsync(string tenant, string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (begun, told, last) = (time.GetTimestamp(), time.GetTimestamp(), Array.Empty<byte>());
        while (time.GetElapsedTime(begun) < Longest)
        {
            var batch = await batches.RequireAsync(tenant, id, cancellationToken);
            var now = await batches.WriteAsync(batch, cancellationToken);
            if (batch.ClosedAt is not null)
            {
                yield return EventStream.Event(End, now, End);
                yield break;
            }

            if (!now.AsSpan().SequenceEqual(last))
            {
                (told, last) = (time.GetTimestamp(), now);
                yield return EventStream.Event("progress", now);
            }
            else if (time.GetElapsedTime(told) >= EventStream.LongestSilence)
            {
                told = time.GetTimestamp();
                yield return EventStream.Event("waiting", [.. "{}"u8]);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
