using SandQueue.Gateway.Http;
using SandQueue.Routing.Fleet;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary>
/// <c>POST /create_from_pool</c>: a new sandbox. A sandbox is a name that instances are made under, so it costs nothing
/// until one is. Where the fleet is full the answer is 200 with null: anything else the client takes for an id.
/// </summary>
internal sealed class OpenSandboxEndpoint(FleetView fleet) : ICallEndpoint
{
    public async Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var hasFreeSlots = await fleet.FreeSlotsAsync(context.RequestAborted) > 0;
        await SandboxAnswer.DataAsync(context, hasFreeSlots ? $"sandbox_{Guid.NewGuid():n}" : null);
    }
}
