using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.OpenEnv.Sockets;

/// <summary>What connections may take.</summary>
/// <param name="PerTenant">Connections of one tenant at this gateway.</param>
/// <param name="Idle">How long a connection may ask nothing.</param>
/// <param name="PingInterval">How long it may be silent before it is asked whether it is there.</param>
/// <param name="PingTimeout">How long it may take to say so: a client whose machine is gone says nothing.</param>
internal sealed record SocketLimits(int PerTenant, TimeSpan Idle, TimeSpan PingInterval, TimeSpan PingTimeout)
{
    private static readonly TimeSpan UsualPing = TimeSpan.FromSeconds(15);

    public static SocketLimits Of(GatewayOptions options) => new(options.OpenEnvConnections, options.OpenEnvIdle, UsualPing, UsualPing);
}
