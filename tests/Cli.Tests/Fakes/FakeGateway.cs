using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SandQueue.Cli.Tests.Fakes;

/// <summary>A gateway that speaks REST v1 over real HTTP and answers what a test says.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeGateway(WebApplication app) => _app = app;

    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>What was asked, in order: method, path with query, body, and the key that came with it.</summary>
    public ConcurrentQueue<(string Method, string Path, string Body, string? Key)> Asked { get; } = new();

    /// <summary>The answers by method and path without query; the last of a list stays.</summary>
    public ConcurrentDictionary<string, Queue<Func<HttpContext, Task>>> Answers { get; } = new();

    public static async Task<FakeGateway> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var gateway = new FakeGateway(builder.Build());
        gateway._app.Run(gateway.AnswerAsync);
        await gateway._app.StartAsync(TestContext.Current.CancellationToken);
        return gateway;
    }

    public FakeGateway On(string request, JsonNode answer, int status = 200) => On(request, context => WriteAsync(context, answer.ToJsonString(), status, "application/json"));

    public FakeGateway OnText(string request, string answer, string type = "application/jsonl", int status = 200) => On(request, context => WriteAsync(context, answer, status, type));

    public FakeGateway OnProblem(string request, int status, string detail) =>
        On(request, context => WriteAsync(context, new JsonObject { ["status"] = status, ["code"] = "x", ["detail"] = detail }.ToJsonString(), status, "application/problem+json"));

    public FakeGateway On(string request, Func<HttpContext, Task> answer)
    {
        Answers.GetOrAdd(request, _ => new Queue<Func<HttpContext, Task>>()).Enqueue(answer);
        return this;
    }

    public JsonNode BodyOf(string request) => JsonNode.Parse(Asked.Last(asked => $"{asked.Method} {asked.Path.Split('?')[0]}" == request).Body)!;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task WriteAsync(HttpContext context, string text, int status, string type)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        Asked.Enqueue((context.Request.Method, context.Request.Path + context.Request.QueryString.Value, body, context.Request.Headers.Authorization.ToString() is { Length: > 0 } key ? key : null));
        Func<HttpContext, Task>? answer = null;
        if (Answers.TryGetValue($"{context.Request.Method} {context.Request.Path}", out var answers))
            lock (answers) answer = answers.Count > 1 ? answers.Dequeue() : answers.Peek();
        await (answer ?? (nothing => WriteAsync(nothing, $$"""{"status":404,"code":"unknown_route","detail":"there is no {{nothing.Request.Method}} {{nothing.Request.Path}}; the README lists the calls"}""", 404, "application/problem+json")))(context);
    }
}
