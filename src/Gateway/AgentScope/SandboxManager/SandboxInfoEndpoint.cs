using System.Text.Json.Nodes;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary><c>POST /get_info {"identity"}</c>: what lives in a sandbox.</summary>
internal static class SandboxInfoEndpoint
{
    public static async Task HandleAsync(HttpContext context, RequestBody body)
    {
        var instances = context.RequestServices.GetRequiredService<InstanceDirectory>();
        var identity = SandboxEndpoints.IdentityOf(body);
        var living = await instances.FindBySandboxAsync(context.Tenant(), identity, context.RequestAborted);
        await SandboxEndpoints.DataAsync(context, new JsonObject
        {
            ["identity"] = identity,
            ["status"] = "running",
            ["instances"] = new JsonArray([.. living.Select(name => JsonValue.Create(name))]),
        });
    }
}
