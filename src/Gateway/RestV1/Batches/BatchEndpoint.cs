using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.RestV1.Rollouts;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.RestV1.Batches;

/// <summary><c>GET /v1/batches/{batch_id}</c>: a batch, and its rollouts counted.</summary>
internal sealed class BatchEndpoint(BatchReading batches, IOptions<GatewayOptions> options) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("getBatch", "Says where a batch stands; with wait, once it is closed", typeof(BatchView)) { Query = [RolloutWait.Parameter] };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var wait = query.Text(RolloutWait.Parameter.Name) is null ? TimeSpan.Zero : query.Seconds(RolloutWait.Parameter.Name, options.Value.CommandTimeout);
        var batch = await batches.WaitAsync(context.Tenant(), PathText.Of(context, "batch_id"), wait, context.RequestAborted);
        await JsonAnswer.BytesAsync(context, StatusCodes.Status200OK, await batches.WriteAsync(batch, context.RequestAborted));
    }
}
