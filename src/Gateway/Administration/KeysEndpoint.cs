using System.Text.Json.Nodes;
using SandQueue.Gateway.Http;
using SandQueue.Storage.Tenants;

namespace SandQueue.Gateway.Administration;

/// <summary><c>GET /admin/keys?tenant=</c>: the issued keys, revoked ones too, without what makes them keys. Those of the settings are not among them.</summary>
internal static class KeysEndpoint
{
    public static async Task HandleAsync(HttpContext context, KeyDirectory keys, string? tenant = null)
    {
        var listed = await keys.ListAsync(tenant, context.RequestAborted);
        await JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject { ["success"] = true, ["data"] = new JsonArray([.. listed.Select(KeyAnswer.Of)]) });
    }
}
