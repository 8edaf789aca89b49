using System.Net.Sockets;
using System.Text.Json;
using Docker.DotNet;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Docker;

/// <summary>Says what a failed call of the engine means, for people.</summary>
internal static class EngineFailure
{
    public static bool Explains(Exception failure) =>
        failure is DockerApiException or HttpRequestException or SocketException or IOException or TimeoutException or JsonException;

    /// <param name="engine">Where it listens.</param>
    /// <param name="what">What was asked of it, as in "create the container x".</param>
    /// <param name="failure">How that failed.</param>
    public static ContainerException Explain(Uri engine, string what, Exception failure) => new(
        failure switch
        {
            DockerApiException refused => $"the Docker engine refused to {what}: {Message(refused)}",
            _ => $"cannot {what}: {Unreachable(engine, failure)}",
        },
        failure);

    private static string Unreachable(Uri engine, Exception failure)
    {
        var socket = failure as SocketException ?? failure.InnerException as SocketException;
        return socket?.SocketErrorCode switch
        {
            // What .NET makes of "no such file" for the path of a Unix socket.
            SocketError.AddressNotAvailable => $"there is no Docker engine at {engine}; start it, or set DockerRuntime:Host or DOCKER_HOST to where it is",
            SocketError.AccessDenied => $"this user may not use the Docker engine at {engine}; run as a member of the socket's group, usually 'docker'",
            SocketError.ConnectionRefused => $"nothing answers at {engine}; is the Docker engine running?",
            _ => $"the Docker engine at {engine} does not answer: {(socket ?? failure).Message}",
        };
    }

    private static string Message(DockerApiException refused)
    {
        try
        {
            using var body = JsonDocument.Parse(refused.ResponseBody ?? "");
            return body.RootElement.GetProperty("message").GetString()!.Trim();
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return refused.Message;
        }
    }
}
