using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Rollouts.Batches;

namespace SandQueue.Gateway.RestV1.Rollouts;

/// <summary><c>GET /v1/rollouts/{rollout_id}</c>: a rollout, of a batch or alone, and its result once it has ended.</summary>
internal sealed class RolloutEndpoint(RolloutWait waits, IOptions<GatewayOptions> options) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("getRollout", "Says how a rollout ended, or where it stands", typeof(RolloutView)) { Query = [RolloutWait.Parameter] };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var wait = query.Text(RolloutWait.Parameter.Name) is null ? TimeSpan.Zero : query.Seconds(RolloutWait.Parameter.Name, options.Value.CommandTimeout);
        var id = PathText.Of(context, "rollout_id");
        var found = await waits.FindAsync(context.Tenant(), id, wait, context.RequestAborted) ?? throw RolloutRefusal.UnknownRollout(id);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, RolloutJson.Of(found.Rollout, found.Batch));
    }
}
