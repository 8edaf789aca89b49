using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace SandQueue.Frames;

/// <summary>Has an HTTP server take frames at its own addresses.</summary>
public static class FrameListening
{
    /// <summary>The header of an answer to a health check that says which version of frames the server takes.</summary>
    public const string Header = "Sandqueue-Frames";

    /// <summary>The version.</summary>
    public const string Version = "1";

    /// <summary>Serves connections that begin as frames do by <paramref name="handler"/>; HTTP stays as it is.</summary>
    /// <param name="services">Those of a host with Kestrel.</param>
    /// <param name="handler">Answers the calls of all connections.</param>
    /// <param name="mostBytes">The largest request; a larger one ends its connection.</param>
    public static void AddFrames(this IServiceCollection services, FrameHandler handler, int mostBytes) =>
        services.AddSingleton<IConnectionListenerFactory>(
            provider => new Factory(provider, (stream, cancellationToken) => FrameServer.ServeAsync(stream, handler, mostBytes, Time(provider), cancellationToken)));

    /// <summary>Hands connections that begin as frames do to <paramref name="serve"/>, which ends with its token; HTTP stays as it is.</summary>
    public static void AddFrames(this IServiceCollection services, Func<Stream, CancellationToken, Task> serve) =>
        services.AddSingleton<IConnectionListenerFactory>(provider => new Factory(provider, serve));

    private static TimeProvider Time(IServiceProvider services) => services.GetService<TimeProvider>() ?? TimeProvider.System;

    /// <summary>The server asks the factory that was added last first.</summary>
    private sealed class Factory(IServiceProvider services, Func<Stream, CancellationToken, Task> serve) : IConnectionListenerFactory
    {
        private readonly SocketTransportOptions _options = services.GetRequiredService<IOptions<SocketTransportOptions>>().Value;

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
        {
            try
            {
                var socket = _options.CreateBoundListenSocket(endpoint);
                socket.Listen(_options.Backlog);
                var http = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), services.GetRequiredService<ILoggerFactory>().CreateLogger<SocketConnectionContextFactory>());

                // As long as the HTTP server lets a connection be without a request.
                var silence = services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits.KeepAliveTimeout;
                if (silence == TimeSpan.MaxValue) silence = Timeout.InfiniteTimeSpan;
                return new ValueTask<IConnectionListener>(new SharedListener(socket, http, serve, silence, Time(services)));
            }
            catch (System.Net.Sockets.SocketException exception) when (exception.SocketErrorCode == System.Net.Sockets.SocketError.AddressAlreadyInUse)
            {
                throw new AddressInUseException(exception.Message, exception);
            }
        }
    }
}
