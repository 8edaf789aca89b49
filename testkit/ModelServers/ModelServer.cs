using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SandQueue.ModelServers;

/// <summary>
/// A chat endpoint in the form of OpenAI's, over real HTTP, that does what a test says: answers, calls tools, answers in pieces, is too busy, fails, hangs, talks
/// nonsense, breaks off.
/// </summary>
public sealed class ModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<ModelCall, ModelReply> _reply;
    private readonly CancellationTokenSource _closing = new();
    private int _number = -1;

    private ModelServer(WebApplication app, Func<ModelCall, ModelReply> reply) => (_app, _reply) = (app, reply);

    /// <summary>Its <c>base_url</c>.</summary>
    public string Address => $"{_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/v1";

    /// <summary>The calls that came, in order.</summary>
    public ConcurrentQueue<ModelCall> Calls { get; } = [];

    /// <summary>The key that it takes; null for any, or none.</summary>
    public string? Key { get; init; }

    /// <param name="reply">What it does with each call.</param>
    /// <param name="key">The key that it takes; null for any, or none.</param>
    public static async Task<ModelServer> StartAsync(Func<ModelCall, ModelReply> reply, string? key = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new ModelServer(builder.Build(), reply) { Key = key };
        server._app.MapPost("/v1/chat/completions", server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>A share of tasks, chosen by their text so that every run and every member has the same.</summary>
    /// <param name="task">The task's text.</param>
    /// <param name="percent">How many of a hundred.</param>
    public static bool IsAmong(string task, int percent)
    {
        var hash = 2166136261u;
        foreach (var letter in task) hash = (hash ^ letter) * 16777619;
        return hash % 100 < percent;
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.DisposeAsync();
        _closing.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var authorization = context.Request.Headers.Authorization.ToString();
        var key = authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? authorization["Bearer ".Length..] : null;
        var call = new ModelCall(Interlocked.Increment(ref _number), key, JsonElement.Parse(body.ToArray()), body.ToArray());
        Calls.Enqueue(call);
        var reply = Key is { } wanted && key != wanted ? new ModelReply.Status(401, $$$"""{"error":{"message":"Incorrect API key provided: {{{key}}}"}}""") : _reply(call);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, _closing.Token);
        try
        {
            await ReplyWriter.WriteAsync(context, call, reply, limit.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }
}
