using System.Text.Json.Nodes;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv.Answers;
using SandQueue.Gateway.Security;

namespace SandQueue.Gateway.OpenEnv.Description;

/// <summary>What an environment says of itself over plain HTTP.</summary>
internal sealed class EnvironmentEndpoints(NamedEnvironment names, SharedTools shared)
{
    /// <summary><c>GET …/health</c>.</summary>
    public async Task HealthAsync(HttpContext context)
    {
        await names.RequireAsync(NameOf(context), context.RequestAborted);
        await JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject { ["status"] = "healthy" });
    }

    /// <summary><c>GET …/metadata</c>.</summary>
    public async Task MetadataAsync(HttpContext context)
    {
        var environment = await FindAsync(context);
        await JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject
        {
            ["name"] = environment.Name,
            ["description"] = $"{environment.Name} on SandQueue: {environment.DataSource}",
            ["version"] = Version,
            ["author"] = null,
            ["readme_content"] = null,
            ["documentation_url"] = null,
        });
    }

    /// <summary><c>GET …/schema</c>: what an action looks like depends on whether the environment has tools.</summary>
    public async Task SchemaAsync(HttpContext context)
    {
        var environment = await FindAsync(context);
        var (tools, refused) = await shared.FindAsync(context.Tenant(), environment.Name, context.RequestAborted);
        if (tools is null) throw new BadRequestException(OpenEnvException.Of(OpenEnvCode.Execution, refused!).Message, StatusCodes.Status503ServiceUnavailable);
        await JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, OpenEnvSchemas.All(tools.IsTextOnly));
    }

    /// <summary><c>GET …/openapi.json</c>: programs that check a server read which of the protocol's routes it has.</summary>
    public async Task DocumentAsync(HttpContext context)
    {
        await names.RequireAsync(NameOf(context), context.RequestAborted);
        await JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, OpenEnvSchemas.Document(NameOf(context)));
    }

    /// <summary><c>/reset</c>, <c>/step</c>, <c>/state</c>: over HTTP each would make an instance, and end it with its answer.</summary>
    public async Task NotOfferedAsync(HttpContext context)
    {
        var environment = await FindAsync(context);
        throw new BadRequestException(
            $"{context.Request.Path} is not offered: without a connection each reset and step would be of an instance of its own. Use the WebSocket at /openenv/{environment.Name}/ws, or the sessions of /openenv/{environment.Name}/mcp",
            StatusCodes.Status404NotFound);
    }

    private static string Version => typeof(EnvironmentEndpoints).Assembly.GetName().Version!.ToString(3);

    private Task<Storage.Fleet.ServedEnvironment> FindAsync(HttpContext context) =>
        names.FindAsync(NameOf(context), context.RequestAborted);

    private static string NameOf(HttpContext context) => (string)context.GetRouteValue(OpenEnvEndpoints.Environment)!;
}
