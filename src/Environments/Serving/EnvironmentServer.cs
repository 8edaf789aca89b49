using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Loading;
using SandQueue.Frames;

namespace SandQueue.Environments.Serving;

/// <summary>
/// Hosts environments behind the environment-service protocol: the surface AgentScope's training images speak, plus
/// <c>GET /environments</c>, where the environments describe themselves. At the same address it takes the verbs of instances as frames.
/// </summary>
internal sealed class EnvironmentServer : IAsyncDisposable
{
    /// <summary>Above the gateway's own limit: what the gateway let in, the server takes.</summary>
    private const int LargestBody = 256 << 20;

    private readonly WebApplication _app;

    private EnvironmentServer(WebApplication app) => _app = app;

    public static EnvironmentServer Build(ServerOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MinRequestBodyDataRate = null;
            if (options.Socket is { } socket) kestrel.ListenUnixSocket(socket);
            else kestrel.ListenLocalhost(options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        if (options.DieWithParent)
        {
            // Before anything is loaded, and on the main thread, which stays.
            ParentDeath.WakesThisProcess();
            builder.Services.AddSingleton(options);
            builder.Services.AddSingleton<IHostLifetime, ParentLifetime>();
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var episodes = new EpisodeService(Served(options), options.LongestPrompt);
        var calls = new RunningCalls(TimeProvider.System);
        builder.Services.AddFrames(new FrameService(episodes, calls).AnswerAsync, LargestBody);

        var app = builder.Build();
        app.Use(calls.CountAsync);
        app.UseRouting();
        app.MapGet("/healthz", calls.AnswerHealthAsync);
        app.MapGet("/environments", context => ServiceAnswer.Answer(context, episodes.Describe));
        app.MapPost("/get_env_profile", context => ServiceAnswer.Answer(context, episodes.ListTasks));
        app.MapPost("/create", context => ServiceAnswer.Answer(context, episodes.Create));
        app.MapPost("/step", context => ServiceAnswer.AnswerAsync(context, episodes.StepAsync));
        app.MapPost("/evaluate", context => ServiceAnswer.AnswerAsync(context, episodes.EvaluateAsync));
        app.MapPost("/get_info", context => ServiceAnswer.AnswerAsync(context, episodes.GetInfoAsync));
        app.MapPost("/solution", context => ServiceAnswer.AnswerAsync(context, episodes.SolveAsync));
        app.MapPost("/release", context => ServiceAnswer.Release(context, episodes.Release));
        return new EnvironmentServer(app);
    }

    private static IReadOnlyDictionary<string, IEnvironment> Served(ServerOptions options) => options.Assembly is { } assembly
        ? new Dictionary<string, IEnvironment> { [options.Environments[0]] = OutsideEnvironment.Load(options.Environments[0], assembly, options.Class) }
        : BuiltInEnvironments.Load(options.Environments);

    public Task RunAsync() => _app.RunAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
