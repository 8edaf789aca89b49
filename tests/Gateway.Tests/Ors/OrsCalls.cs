using System.Text;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Testing.Ors;

namespace SandQueue.Gateway.Tests.Ors;

internal static class OrsCalls
{
    public static async Task<OrsCall> CallAsync(this DoorServer server, string session, string call, string environment = "lake", string? key = "key-one") =>
        OrsCall.Read((await server.SendAsync("POST", $"/{environment}/call", Encoding.UTF8.GetBytes(call), key, ("X-Session-ID", session))).Body);
}
