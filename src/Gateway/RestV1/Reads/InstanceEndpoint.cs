using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/instances/{instance_id}</c>: the newest instance of that name.</summary>
internal sealed class InstanceEndpoint(InstanceListing instances) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("getInstance", "Describes the newest instance of a name, or the one with an episode_id", typeof(InstanceView)) { Query = [QueryParameter.Episode] };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var name = PathText.Of(context, "instance_id");
        var row = await instances.FindAsync(context.Tenant(), name, query.Episode, context.RequestAborted) ?? throw UnknownInstance.Of(name);
        await RestJson.WriteAsync(context, InstanceView.Of(row));
    }
}
