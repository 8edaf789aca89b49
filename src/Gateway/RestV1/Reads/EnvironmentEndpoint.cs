using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Routing.Fleet;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/environments/{env_type}</c>: one environment.</summary>
internal sealed class EnvironmentEndpoint(FleetView fleet) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("getEnvironment", "Describes an environment", typeof(EnvironmentView));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var name = PathText.Of(context, "env_type");
        var served = await fleet.EnvironmentsAsync(context.RequestAborted);
        if (!served.TryGetValue(name, out var environment))
        {
            throw new BadRequestException($"no living worker serves '{name}'; served are {string.Join(", ", served.Keys)}", StatusCodes.Status404NotFound, "unknown_environment");
        }

        await RestJson.WriteAsync(context, EnvironmentView.Of(environment));
    }
}
