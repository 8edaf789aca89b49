using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Tests.Protocols.EnvironmentService;

/// <summary>An environment server that answers what the test says, as a container.</summary>
internal sealed class StubServer : IContainer
{
    private readonly CancellationTokenSource _exited = new();
    private readonly WebApplication _app;

    private StubServer(WebApplication app) => _app = app;

    public string Id => "stub";

    public string ImageDigest => "sha256:stub";

    public HttpClient Http { get; private set; } = null!;

    public CancellationToken Exited => _exited.Token;

    public string LastOutput => "its last words";

    /// <summary>What answers every call.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsync("""{"success":true,"data":null}""");

    /// <summary>The calls that came: path and body.</summary>
    public ConcurrentQueue<(string Path, string Body)> Calls { get; } = new();

    public static async Task<StubServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var server = new StubServer(app);
        app.Run(server.HandleAsync);
        await app.StartAsync();
        server.Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = Timeout.InfiniteTimeSpan };
        return server;
    }

    public void AnswerWith(int status, string body) => Answer = context =>
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(body);
    };

    public void Exit() => _exited.Cancel();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _exited.Dispose();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Calls.Enqueue((context.Request.Path, await reader.ReadToEndAsync(context.RequestAborted)));
        await Answer(context);
    }
}
