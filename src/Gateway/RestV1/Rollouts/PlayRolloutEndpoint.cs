using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Gateway.RestV1.Rollouts;

/// <summary><c>POST /v1/rollouts</c>: plays one rollout, and waits for its end if it is asked to.</summary>
internal sealed class PlayRolloutEndpoint(BatchCreation batches, RolloutWait waits, RestBody bodies, IOptions<GatewayOptions> options) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("playRollout", "Plays one rollout: 200 with its result where it ended within wait, else 202", typeof(RolloutView))
    {
        Query = [RolloutWait.Parameter],
        Body = typeof(RolloutRequest),
        BodyExample = """{"env_type": "frozenlake", "task_id": "4x4-0", "rollout_id": "tutorial", "policy": {"type": "recorded", "actions": ["<action>down</action>"]}}""",
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var wait = query.Text(RolloutWait.Parameter.Name) is null ? TimeSpan.Zero : query.Seconds(RolloutWait.Parameter.Name, options.Value.CommandTimeout);
        using var body = await bodies.ReadAsync(context);
        var (batch, _) = await RolloutRefusal.ToldAsync(() => batches.CreateAsync(context.Tenant(), BatchRequest.ReadSingle(body.Root), context.RequestAborted));
        var id = batch.BatchId[BatchRequest.HiddenPrefix.Length..];
        var found = await waits.FindAsync(context.Tenant(), id, wait, context.RequestAborted) ?? throw RolloutRefusal.UnknownRollout(id);
        await JsonAnswer.BytesAsync(context, found.Rollout.End is null ? StatusCodes.Status202Accepted : StatusCodes.Status200OK, RolloutJson.Of(found.Rollout, found.Batch));
    }
}
