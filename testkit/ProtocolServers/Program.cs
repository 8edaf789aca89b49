using System.Globalization;
using SandQueue.ProtocolServers;

// In a container: the protocol and the port.
GameServer server = args[0] switch
{
    "openenv" => new OpenEnvServer(),
    "appworld" => new AppWorldServer(),
    _ => new AgentScopeServer(),
};
await server.StartAsync(int.Parse(args[1], CultureInfo.InvariantCulture));
await server.WaitForShutdownAsync();
