using System.Text.Json.Nodes;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Routing;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary><c>POST /get_info {"identity"}</c>: what lives in a sandbox.</summary>
internal sealed class SandboxInfoEndpoint(SandboxInstances instances) : ICallEndpoint
{
    public async Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var identity = SandboxAnswer.IdentityOf(body);
        var living = identity is null ? [] : await instances.ListAsync(context.Tenant(), identity, context.RequestAborted);
        await SandboxAnswer.DataAsync(context, new JsonObject
        {
            ["identity"] = identity,
            ["status"] = "running",
            ["instances"] = new JsonArray([.. living.Select(name => JsonValue.Create(name))]),
        });
    }
}
