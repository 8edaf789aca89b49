using System.Text.Json.Nodes;
using SandQueue.Gateway.Http;
using SandQueue.Storage.Fleet;

namespace SandQueue.Gateway.Administration;

/// <summary><c>GET /admin/workers</c>: the living workers, <c>[{"name","host","version","room","draining"}]</c>.</summary>
internal static class WorkersEndpoint
{
    public static async Task HandleAsync(HttpContext context, WorkerDirectory workers)
    {
        var living = await workers.ListLivingAsync(context.RequestAborted);
        var listed = living.Select(worker => (JsonNode)new JsonObject
        {
            ["name"] = worker.Name,
            ["host"] = worker.Host,
            ["version"] = worker.Version,
            ["room"] = worker.FreeSlots,
            ["draining"] = worker.Draining,
        });
        await JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject { ["success"] = true, ["data"] = new JsonArray([.. listed]) });
    }
}
