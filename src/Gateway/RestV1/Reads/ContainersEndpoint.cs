using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Storage.Fleet;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/containers</c>: the containers of the living workers, for admins. One query, and no question to any worker.</summary>
internal sealed class ContainersEndpoint(WorkerDirectory workers) : IRestEndpoint
{
    private static readonly QueryParameter EnvType = new("env_type", "string", "only those of this environment") { Example = "frozenlake" };

    public RestOperation Operation { get; } = new("listContainers", "Lists the containers of the living workers; needs an admin key", typeof(ContainerList)) { Query = [EnvType] };

    public async Task AnswerAsync(HttpContext context)
    {
        var wanted = new RestQuery(context, Operation).Text(EnvType.Name);
        var living = await workers.ListContainersAsync(context.RequestAborted);
        var containers = living.SelectMany(worker => worker.Containers.Select(container => ContainerView.Of(worker.Name, container)));
        await RestJson.WriteAsync(context, new ContainerList([.. containers.Where(container => wanted is null || container.EnvType == wanted)]));
    }
}
