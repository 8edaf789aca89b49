using SandQueue.Routing.Limits;

namespace SandQueue.Gateway.Settings;

/// <summary>The settings of a gateway, section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Address and port to listen on.</summary>
    public string Listen { get; init; } = "127.0.0.1:8080";

    /// <summary>
    /// Address and port, or a port on loopback, where operators' programs read metrics and what scaling needs; empty for none. Nobody needs a key there.
    /// </summary>
    public string? AdminListen { get; init; }

    /// <summary>Where the embedded mode keeps its database; empty means the user's own folder for program data.</summary>
    public string? DataFolder { get; init; }

    /// <summary>Whether it serves the dashboard, pages for people, at <c>/ui</c>.</summary>
    public bool Dashboard { get; init; } = true;

    /// <summary>The largest request body in bytes.</summary>
    public long MaxBodyBytes { get; init; } = 10 << 20;

    /// <summary>The largest file of episodes that is imported, in bytes as it is sent; a copy of it lies in the folder for temporary files while it is checked.</summary>
    public long MaxImportBytes { get; init; } = 1L << 30;

    /// <summary>The largest <c>params</c> of a call in bytes: worker, environment and journal each keep those of a Create.</summary>
    public int MaxParamsBytes { get; init; } = 256 << 10;

    /// <summary>Open connections; one more is closed at once.</summary>
    public long MaxConnections { get; init; } = 10_000;

    /// <summary>
    /// How long the headers of a request may take to come, and then its body. A connection that sends a byte now and then would else be held
    /// for as long as its caller likes.
    /// </summary>
    public TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a command may take before its caller is told that the answer is not there yet. AgentScope's client waits
    /// for 60 s and never asks again, so ours answers before that.
    /// </summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(55);

    /// <summary>Commands from the broker's queue that this gateway holds at once; all others wait in the queue.</summary>
    public ushort AmqpPrefetch { get; init; } = 256;

    /// <summary>
    /// Of them, those of one tenant that run, where its Creates of one environment count by themselves. What is above it waits in a queue of its
    /// own, from which this gateway works on as many again.
    /// </summary>
    public ushort AmqpTenantShare { get; init; } = 64;

    /// <summary>What each tenant may have.</summary>
    public TenantLimits Limits { get; init; } = new();

    /// <summary>
    /// Users of the broker whose messages need no API key, <c>user=tenant</c> separated by commas. Where it is set, a message without either is
    /// refused; empty, the user says nothing.
    /// </summary>
    public string? AmqpUsers { get; init; }

    /// <summary>The steps that one call of <c>POST /v1/steps</c> may have: all of them run at once.</summary>
    public int MaxVectorSteps { get; init; } = 256;

    /// <summary>Server-sent event streams that one tenant may have open at this gateway; 0 is no limit.</summary>
    public int EventStreams { get; init; } = 100;

    /// <summary>The MCP sessions that one tenant may have at this gateway; 0 is no limit.</summary>
    public int McpSessions { get; init; } = 1_000;

    /// <summary>How long an MCP session may be without a request before it ends, and the instance that it made with it.</summary>
    public TimeSpan McpSessionIdle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Connections of OpenEnv's clients that one tenant may have at this gateway; 0 is no limit.</summary>
    public int OpenEnvConnections { get; init; } = 2_000;

    /// <summary>How long such a connection may ask nothing; then it is closed, and its instance released.</summary>
    public TimeSpan OpenEnvIdle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The bearer tokens that are let in, separated by commas; empty lets in everyone, on loopback only.</summary>
    public string? ApiKeys { get; init; }

    /// <summary>
    /// The bearer tokens that may also change the farm: see and drain its workers. Empty: whoever is let in without a key,
    /// and nobody where keys are needed.
    /// </summary>
    public string? AdminKeys { get; init; }
}
