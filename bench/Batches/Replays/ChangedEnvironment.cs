using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SandQueue.Bench.Compare.Programs;

namespace SandQueue.Bench.Batches.Replays;

/// <summary>
/// Stands for another version of an environment: the environment server itself, but for a few words that are said besides, in some openings and some steps, which
/// depend on the task and the step alone.
/// </summary>
internal sealed class ChangedEnvironment : IAsyncDisposable
{
    private const string Besides = " The ice creaks.";
    private const int OneOf = 5;

    private readonly string _original;
    private readonly EnvironmentProgram _program;
    private readonly HttpClient _http;
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Walk> _walks = new(StringComparer.Ordinal);

    private ChangedEnvironment(string original, EnvironmentProgram program, WebApplication app)
    {
        (_original, _program, _app) = (original, program, app);
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync }) { BaseAddress = new Uri("http://localhost") };
    }

    /// <summary>The name it is served under.</summary>
    public string Name => $"{_original}_changed";

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Whether a step of a task is answered differently; step 0 is the opening.</summary>
    public static bool Differs(string task, int step)
    {
        var hash = 2166136261u;
        foreach (var letter in FormattableString.Invariant($"{task}/{step}")) hash = (hash ^ letter) * 16777619;
        return hash / 7 % OneOf == 0;
    }

    /// <param name="original">The environment that it is otherwise the same as.</param>
    public static async Task<ChangedEnvironment> StartAsync(string original)
    {
        var program = await EnvironmentProgram.StartAsync(original, CancellationToken.None);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var environment = new ChangedEnvironment(original, program, builder.Build());
        environment._app.Run(environment.AnswerAsync);
        await environment._app.StartAsync();
        return environment;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
        await _program.DisposeAsync();
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(_program.Address, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var asked = (await reader.ReadToEndAsync(context.RequestAborted)).Replace(Name, _original, StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(context.Request.Path.Value!, UriKind.Relative));
        if (asked.Length > 0) request.Content = new StringContent(asked, Encoding.UTF8, "application/json");
        using var answer = await _http.SendAsync(request, context.RequestAborted);
        var text = await answer.Content.ReadAsStringAsync(context.RequestAborted);
        if (answer.IsSuccessStatusCode) text = Changed(context.Request.Path.Value!, asked, text);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await context.Response.WriteAsync(text, context.RequestAborted);
    }

    private string Changed(string path, string asked, string answer)
    {
        switch (path)
        {
            case "/environments":
                return answer.Replace($"\"{_original}\"", $"\"{Name}\"", StringComparison.Ordinal);
            case "/create":
                var task = (string)JsonNode.Parse(asked)!["task_id"]!;
                _walks[Instance(asked)] = new Walk(task);
                return Differs(task, 0) ? Said(answer) : answer;
            case "/step":
                var walk = _walks[Instance(asked)];
                return Differs(walk.Task, ++walk.Steps) ? Said(answer) : answer;
            case "/release":
                _walks.TryRemove(Instance(asked), out _);
                return answer;
            default:
                return answer;
        }
    }

    private static string Instance(string asked) => (string)JsonNode.Parse(asked)!["instance_id"]!;

    private static string Said(string answer)
    {
        var changed = JsonNode.Parse(answer)!;
        var last = changed["data"]!["state"]!.AsArray()[^1]!;
        last["content"] = $"{(string?)last["content"]}{Besides}";
        return changed.ToJsonString();
    }

    /// <summary>An episode under way, which has one step at a time.</summary>
    private sealed class Walk(string task)
    {
        public string Task => task;

        public int Steps { get; set; }
    }
}
