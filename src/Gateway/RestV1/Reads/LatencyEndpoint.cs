using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Routing.Observation.Latency;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/latency</c>: what the callers of this gateway waited in the last minute, for admins. It asks no database.</summary>
internal sealed class LatencyEndpoint(CommandLatency latency) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("getLatency", "Says what callers of this gateway waited in the last minute, by verb; needs an admin key", typeof(LatencyView));

    public Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        return RestJson.WriteAsync(context, LatencyView.Of(latency.Read()));
    }
}
