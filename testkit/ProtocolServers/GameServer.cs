using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace SandQueue.ProtocolServers;

/// <summary>A server of somebody else's protocol. Says what happened in it, for tests in the same process.</summary>
public abstract class GameServer : IAsyncDisposable
{
    private readonly TaskCompletionSource _slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;

    /// <summary>Part of every observation.</summary>
    public string Version { get; set; } = "v1";

    /// <summary>Instances it holds; where one more is asked for, it refuses.</summary>
    public int Capacity { get; init; } = 1;

    /// <summary>What was asked of it, in order: the verb, and the text of an action.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    public Task Slow => _slow.Task;

    public Uri Address => new(_app!.Urls.Single());

    public void AnswerSlowly() => _slow.TrySetResult();

    /// <param name="port">Where on all addresses; 0 for a free one on loopback.</param>
    public async Task StartAsync(int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(port == 0 ? IPAddress.Loopback : IPAddress.Any, port, listen => listen.Protocols = HttpProtocols.Http1));
        Prepare(builder);
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(HandleAsync);
        await _app.StartAsync();
    }

    public Task WaitForShutdownAsync() => _app!.WaitForShutdownAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_app is null) return;
        _slow.TrySetCanceled();

        // At once: what still hangs is cut.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    /// <summary>What it speaks besides.</summary>
    protected virtual void Prepare(WebApplicationBuilder builder)
    {
    }

    protected abstract Task HandleAsync(HttpContext context);

    protected static async Task<JsonObject> ReadAsync(HttpContext context) =>
        (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject();

    protected static Task WriteAsync(HttpContext context, int status, JsonNode body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    /// <summary>Does what a word of <see cref="Fault"/> asks for.</summary>
    /// <returns>Whether the call is answered by that.</returns>
    protected async Task<bool> MisbehaveAsync(HttpContext context, string text)
    {
        switch (text)
        {
            case Fault.Hang:
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
                return true;
            case Fault.Slow:
                await Slow;
                return false;
            case Fault.Huge:
                await WriteAsync(context, 200, new JsonObject { ["data"] = Fault.Padding, ["output"] = Fault.Padding });
                return true;
            case Fault.Garbage:
                await context.Response.WriteAsync("<html>{", context.RequestAborted);
                return true;
            case Fault.Cut:
                context.Abort();
                return true;
            default:
                return false;
        }
    }
}
