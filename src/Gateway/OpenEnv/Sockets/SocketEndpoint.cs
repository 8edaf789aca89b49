using System.Net.WebSockets;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv.Answers;
using SandQueue.Gateway.OpenEnv.Sessions;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.OpenEnv.Sockets;

/// <summary><c>GET /openenv/{environment}/ws</c>: a connection, which plays one episode at a time.</summary>
internal sealed class SocketEndpoint(
    NamedEnvironment names, SocketCounts counts, SocketLimits limits, BodyLimit body, IKeyRing keys, ClosingTime closing, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <exception cref="BadRequestException">There is no such environment, or this is no WebSocket.</exception>
    public async Task AnswerAsync(HttpContext context)
    {
        var environment = (await names.FindAsync((string)context.GetRouteValue(OpenEnvEndpoints.Environment)!, context.RequestAborted)).Name;
        if (!context.WebSockets.IsWebSocketRequest) throw new BadRequestException($"{context.Request.Path} is a WebSocket: connect to ws://{context.Request.Host}{context.Request.Path}");
        var (tenant, key) = (context.Tenant(), RequestKey.Of(context.Request));
        using var place = counts.TryEnter(tenant);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = limits.PingInterval, KeepAliveTimeout = limits.PingTimeout });
        if (place is null)
        {
            await RefuseAsync(socket, context.RequestAborted);
            return;
        }

        var session = ActivatorUtilities.CreateInstance<OpenEnvSession>(context.RequestServices, tenant, environment);
        await new OpenEnvSocket(socket, session, limits, body, time, IsLetInAsync).RunAsync(context.RequestAborted, lifetime.ApplicationStopping, closing.Over);

        async ValueTask<bool> IsLetInAsync(CancellationToken cancellationToken) =>
            await keys.FindAsync(key, cancellationToken) is { Scope: not KeyScope.Read } access && access.Tenant.Id == tenant;
    }

    private async Task RefuseAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var full = new OpenEnvException(OpenEnvCode.Capacity, $"this tenant has {limits.PerTenant} connections at this gateway, and may have no more (Gateway:OpenEnvConnections); close some");
        try
        {
            await socket.SendAsync(OpenEnvFrame.Error(full), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            await socket.CloseOutputAsync((WebSocketCloseStatus)1013, "too many connections", cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            // Gone already.
        }
    }
}
