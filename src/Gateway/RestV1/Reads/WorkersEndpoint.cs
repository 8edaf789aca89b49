using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Storage.Fleet;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/workers</c>: the living workers, for admins.</summary>
internal sealed class WorkersEndpoint(WorkerDirectory workers) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("listWorkers", "Lists the living workers; needs an admin key", typeof(WorkerList));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var living = await workers.ListLivingAsync(context.RequestAborted);
        await RestJson.WriteAsync(context, new WorkerList([.. living.Select(WorkerView.Of)]));
    }
}
