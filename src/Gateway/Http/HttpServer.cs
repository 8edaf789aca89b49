using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using SandQueue.Gateway.Settings;

namespace SandQueue.Gateway.Http;

/// <summary>Sets up the web server: where it listens, and what it takes.</summary>
internal static class HttpServer
{
    /// <summary>
    /// What is read of a refused body beyond its limit, for 5 s at most, so that a client which sends all before it reads sees why it was
    /// refused. A connection that is closed with unread bytes is reset, and the answer with it.
    /// </summary>
    private const long DrainedBytes = 64 << 20;

    public static void AddHttpServer(this WebApplicationBuilder builder, IPEndPoint listen, GatewayOptions options)
    {
        builder.Services.AddSingleton(new BodyLimit(options.MaxBodyBytes, options.ReadTimeout));
        builder.Services.Replace(ServiceDescriptor.Singleton<DiagnosticSource, RefusedRequests>());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes + DrainedBytes;
            kestrel.Limits.MaxConcurrentConnections = options.MaxConnections;
            kestrel.Limits.RequestHeadersTimeout = options.ReadTimeout;
            kestrel.Listen(listen);
        });
    }
}
