using System.Net;
using Microsoft.Data.Sqlite;
using SandQueue.Client;
using SandQueue.Gateway.EnvironmentService;
using SandQueue.Gateway.Routing;
using SandQueue.Gateway.Sandboxes;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Verbs;
using SandQueue.Storage;
using SandQueue.Transport;
using SandQueue.Workers.Hosting;

namespace SandQueue.Gateway.Hosting;

/// <summary>
/// The embedded mode: gateway and one worker in one process, messages in memory, the journal in a SQLite file,
/// environment servers as child processes. Only what is wired here differs from a farm.
/// </summary>
internal sealed class EmbeddedGateway : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Switches = new()
    {
        ["--listen"] = "Gateway:Listen",
        ["--data"] = "Gateway:DataFolder",
    };

    private readonly WebApplication _app;
    private readonly DataFolder _folder;
    private readonly IPEndPoint _listen;

    private EmbeddedGateway(WebApplication app, DataFolder folder, IPEndPoint listen) => (_app, _folder, _listen) = (app, folder, listen);

    /// <exception cref="StartupException">A setting is wrong, or the data folder is taken.</exception>
    public static EmbeddedGateway Build(string[] args)
    {
        // The settings lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddEnvironmentVariables("SANDQUEUE_").AddCommandLine(args, Switches);
        var options = builder.Configuration.GetSection("Gateway").Get<GatewayOptions>() ?? new GatewayOptions();
        var listen = ListenAddress.Parse(options.Listen);
        var keys = ApiKeys.Read(options.ApiKeys ?? builder.Configuration["API_KEYS"]);
        if (keys.IsEmpty && !IPAddress.IsLoopback(listen.Address))
        {
            throw new StartupException($"{options.Listen} can be reached from outside, so API keys are needed: set SANDQUEUE_API_KEYS, or listen on 127.0.0.1");
        }

        var folder = DataFolder.Open(options.DataFolder);
        builder.Services.Configure<GatewayOptions>(builder.Configuration.GetSection("Gateway"));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;
            kestrel.Listen(listen);
        });
        builder.Services.AddApiKeys(keys);
        builder.Services.AddStorage(new StorageOptions { ConnectionString = new SqliteConnectionStringBuilder { DataSource = folder.Database }.ToString() });
        builder.Services.AddTransport(new TransportOptions(), bus =>
        {
            bus.AddReplyConsumer();
            bus.AddWorkerConsumers();
        });
        builder.Services.AddCommandSender();
        builder.Services.AddWorker(builder.Configuration);
        builder.Services.AddRoutingOfCommands();
        builder.Services.AddVerbs();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapEnvironmentService();
        app.MapSandboxes();
        return new EmbeddedGateway(app, folder, listen);
    }

    public async Task RunAsync()
    {
        await _app.Services.MigrateStorageAsync(CancellationToken.None);
        await _app.StartAsync();
        await Banner.PrintAsync(_app, _folder.Path, _listen);
        await _app.WaitForShutdownAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
