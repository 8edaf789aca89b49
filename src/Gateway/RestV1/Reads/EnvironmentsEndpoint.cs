using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Routing.Fleet;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/environments</c>: the environments that a living worker serves.</summary>
internal sealed class EnvironmentsEndpoint(FleetView fleet) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("listEnvironments", "Lists the environments that are served", typeof(EnvironmentList));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var served = await fleet.EnvironmentsAsync(context.RequestAborted);
        await RestJson.WriteAsync(context, new EnvironmentList([.. served.Values.Select(EnvironmentView.Of)]));
    }
}
