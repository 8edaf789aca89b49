using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Rollouts;

/// <summary><c>DELETE /v1/rollouts/{rollout_id}</c>: gives a rollout up. One that runs is stopped within seconds, and its instance released.</summary>
internal sealed class CancelRolloutEndpoint(BatchControl batches, RolloutWait waits, TimeProvider time) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("cancelRollout", "Gives a rollout up; one that has ended stays as it is", typeof(RolloutView));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var id = PathText.Of(context, "rollout_id");
        if (!await batches.CancelRolloutAsync(context.Tenant(), id, BatchEnds.Cancelled, time.GetUtcNow().ToUnixTimeMilliseconds(), context.RequestAborted)) throw RolloutRefusal.UnknownRollout(id);
        var found = await waits.FindAsync(context.Tenant(), id, TimeSpan.Zero, context.RequestAborted) ?? throw RolloutRefusal.UnknownRollout(id);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, RolloutJson.Of(found.Rollout, found.Batch));
    }
}
