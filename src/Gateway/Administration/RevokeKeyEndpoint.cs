using System.Text.Json.Nodes;
using SandQueue.Gateway.Http;
using SandQueue.Storage.Tenants;

namespace SandQueue.Gateway.Administration;

/// <summary><c>DELETE /admin/keys/{id}</c>: revokes an issued key; every gateway refuses it within two seconds.</summary>
internal static class RevokeKeyEndpoint
{
    public static async Task HandleAsync(HttpContext context, string id, KeyDirectory keys, TimeProvider time)
    {
        if (await keys.RevokeAsync(id, time.GetUtcNow().ToUnixTimeMilliseconds(), context.RequestAborted))
        {
            await JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject { ["success"] = true, ["data"] = null });
            return;
        }

        await JsonAnswer.DetailAsync(context, StatusCodes.Status404NotFound, $"no key '{id}' is good; GET /admin/keys lists those that were issued");
    }
}
