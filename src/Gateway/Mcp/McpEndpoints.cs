using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Calls;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Mcp;

/// <summary>The Model Context Protocol under <c>/mcp</c>, over Streamable HTTP: an agent plays a task by calling its tools.</summary>
internal static class McpEndpoints
{
    private const string Path = "/mcp";

    public static void AddMcpDoor(this IServiceCollection services)
    {
        services.AddSingleton<McpErrorForm>().AddSingleton<McpDelivery>().AddSingleton<HandlerErrors>().AddSingleton<SessionLifetime>().AddSingleton<FirstTasks>();
        services.AddSingleton<LiveSessions>().AddSingleton<EndedSessions>().AddSingleton<SessionTasks>().AddSingleton<ISessionMigrationHandler, SessionMigration>();
        services.AddSingleton<ToolCalls>().AddSingleton<TaskOpening>().AddSingleton<EpisodeCalls>().AddSingleton<DiscoveryCalls>().AddSingleton<PastCalls>().AddSingleton<EpisodeCommands>();
        services.AddMcpServer().WithHttpTransport();
        services.AddOptions<McpServerOptions>().Configure<ToolCalls, HandlerErrors>(Describe);
        services.AddOptions<HttpServerTransportOptions>().Configure<SessionLifetime, IOptions<GatewayOptions>, TimeProvider>(KeepSessions);
    }

    /// <summary>From here on errors under this path are of JSON-RPC, whoever tells them.</summary>
    public static void UseJsonRpcErrorsUnderMcp(this IApplicationBuilder app)
    {
        var form = app.ApplicationServices.GetRequiredService<McpErrorForm>();
        app.Use(next => context =>
        {
            if (context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase)) context.Features.Set<ErrorForm>(form);
            return next(context);
        });
    }

    public static void MapMcpDoor(this IEndpointRouteBuilder routes)
    {
        var delivery = routes.ServiceProvider.GetRequiredService<McpDelivery>();
        routes.MapMcp(Path).Finally(endpoint =>
        {
            if (endpoint.RequestDelegate is { } sdk) endpoint.RequestDelegate = context => delivery.AnswerAsync(context, sdk);
        });
    }

    private static void Describe(McpServerOptions options, ToolCalls calls, HandlerErrors errors)
    {
        options.ServerInfo = new Implementation { Name = "sandqueue", Version = typeof(McpEndpoints).Assembly.GetName().Version!.ToString(3) };
        options.Capabilities = new ServerCapabilities { Tools = new ToolsCapability { ListChanged = true } };
        options.Handlers.ListToolsHandler = calls.ListAsync;
        options.Handlers.CallToolHandler = calls.CallAsync;
        options.Filters.Message.IncomingFilters.Add(errors.Around);
    }

    /// <summary>
    /// The protocol's newest revision has no sessions; the SDK answers its clients that they go on with one that has. Without, an agent could not be told that
    /// other tools are there now, and would have to name its instance with every call.
    /// </summary>
    private static void KeepSessions(HttpServerTransportOptions transport, SessionLifetime lifetime, IOptions<GatewayOptions> gateway, TimeProvider time)
    {
        transport.SessionMode = HttpServerSessionMode.Stateful;
        transport.TimeProvider = time;
        transport.ConfigureSessionOptions = lifetime.BeginAsync;
#pragma warning disable MCP9006, MCPEXP002 // What only sessions need, the SDK calls outdated; a session's end is told nowhere else.
        transport.IdleTimeout = gateway.Value.McpSessionIdle;

        // Above its own limit the SDK would end sessions that are not idle for long; each tenant has its limit here.
        transport.MaxIdleSessionCount = int.MaxValue;
        transport.RunSessionHandler = (_, server, cancellationToken) => lifetime.RunAsync(server, cancellationToken);
#pragma warning restore MCP9006, MCPEXP002
    }
}
