using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration.Memory;
using SandQueue.Gateway.Administration;
using SandQueue.Gateway.AgentScope;
using SandQueue.Gateway.Amqp;
using SandQueue.Gateway.Amqp.Contract;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.DashboardDoor;
using SandQueue.Gateway.Health;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp;
using SandQueue.Gateway.OpenEnv;
using SandQueue.Gateway.Ors;
using SandQueue.Gateway.RestV1;
using SandQueue.Gateway.Scaling;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Hosting.Admin;
using SandQueue.Hosting.Farm;
using SandQueue.Hosting.Logging;
using SandQueue.Hosting.Memory;
using SandQueue.Hosting.Settings;
using SandQueue.Hosting.Startup;
using SandQueue.Hosting.Telemetry;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Hosting;
using SandQueue.Routing;
using SandQueue.Storage;
using SandQueue.Transport;
using SandQueue.Workers.Determinism;
using SandQueue.Workers.Hosting;

namespace SandQueue.Gateway.Hosting;

/// <summary>
/// One composition, two modes. Embedded: a worker in the same process, messages in memory, the journal in a SQLite file.
/// Farm: RabbitMQ and PostgreSQL, workers elsewhere. Only what is wired here differs.
/// </summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly FarmOptions _farm;
    private readonly DataFolder? _folder;
    private readonly IPEndPoint _listen;

    private GatewayHost(WebApplication app, FarmOptions farm, DataFolder? folder, IPEndPoint listen) =>
        (_app, _farm, _folder, _listen) = (app, farm, folder, listen);

    /// <exception cref="StartupException">A setting is wrong, or the data folder is taken.</exception>
    public static GatewayHost Build(string[] args)
    {
        // The settings lie beside the program, wherever it is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        GatewayArguments.Serve.Require(args);
        builder.Configuration.AddEnvironmentVariables(SettingsCheck.Prefix).AddCommandLine(args, GatewayArguments.Switches);
        builder.Configuration.AddEnvironmentFiles(Path.Combine(AppContext.BaseDirectory, "environments"));
        GatewayArguments.Settings.Require(builder.Configuration, Environment.GetEnvironmentVariables().Keys.Cast<string>());
        builder.Logging.ClearProviders().AddLines();
        var options = builder.Configuration.Read<GatewayOptions>("Gateway");
        var farm = builder.Configuration.Read<FarmOptions>("Farm");
        builder.AddTelemetry("sandqueue-gateway", AdminAddress.Read("Gateway:AdminListen", options.AdminListen));
        var listen = AddHttp(builder, options);

        var folder = farm.IsSet ? null : DataFolder.Open(options.DataFolder);
        if (folder is not null) AddEmbedded(builder, folder, listen);
        else AddFarm(builder, farm, options);

        builder.Services.Configure<GatewayOptions>(builder.Configuration.GetSection("Gateway"));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(4));
        builder.Services.AddIdleMemoryRelease();
        builder.Services.AddCommandRouter(options.Limits);
        builder.Services.AddBatches(builder.Configuration);
        builder.Services.AddCommandDelivery();
        builder.Services.AddHealth(farm.IsSet);
        builder.Services.AddAgentScope();
        builder.Services.AddRestV1();
        builder.Services.AddMcpDoor();
        builder.Services.AddCatalogue();
        builder.Services.AddOpenEnv();
        builder.Services.AddOrs();
        builder.Services.AddAdministration();
        if (options.Dashboard) builder.AddDashboardDoor(farm.IsSet);
        builder.Services.AddSingleton<IAdminPages, ScalingPages>();
        builder.Services.AddSingleton<ClosingTime>().AddSingleton<RequestErrors>();

        var app = builder.Build();
        app.UseTraceIds();
        app.UseDetailsForStrayRequests();
        app.UseSingleSlashes();
        app.UseProblemsUnderV1();
        app.UseJsonRpcErrorsUnderMcp();
        app.UseLoopbackRequestsOnly(app.Services.GetRequiredService<IKeyRing>());
        if (options.Dashboard) app.UseDashboardRequests();
        app.UseWebSockets();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealth();
        app.MapAgentScope();
        app.MapRestV1();
        app.MapMcpDoor();
        app.MapOpenEnv();
        app.MapOrs();
        app.MapAdministration(farm.IsSet);
        if (farm.IsSet) app.MapAsyncApi();
        if (options.Dashboard) app.MapDashboardDoor();
        return new GatewayHost(app, farm, folder, listen);
    }

    /// <summary>Measures how far recorded episodes repeat, on the journal and the environments that these settings name.</summary>
    /// <param name="environment">The <c>env_type</c>.</param>
    /// <param name="args">The settings' switches, and the measurement's own.</param>
    public static Task<int> MeasureAsync(string environment, string[] args)
    {
        var (configuration, storage) = ReadJournal(GatewayArguments.Measure, args);
        return DeterminismProgram.RunAsync(configuration, environment, storage, CancellationToken.None);
    }

    /// <summary>Makes, lists and revokes keys in the database that these settings name.</summary>
    /// <param name="words">What is to be done.</param>
    /// <param name="args">The settings' switches, and the command's own.</param>
    public static Task<int> ManageKeysAsync(IReadOnlyList<string> words, string[] args)
    {
        var (configuration, storage) = ReadJournal(GatewayArguments.Keys, args);
        return KeysCommand.RunAsync(words, configuration, storage);
    }

    private static (IConfiguration Configuration, StorageOptions Storage) ReadJournal(StartArguments known, string[] args)
    {
        known.Require(args);
        var builder = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json");
        builder.AddEnvironmentVariables(SettingsCheck.Prefix).AddCommandLine(args, GatewayArguments.Switches);
        builder.AddEnvironmentFiles(Path.Combine(AppContext.BaseDirectory, "environments"));
        var configuration = builder.Build();
        GatewayArguments.Settings.Require(configuration, Environment.GetEnvironmentVariables().Keys.Cast<string>());
        var farm = configuration.Read<FarmOptions>("Farm");
        return (configuration, farm.IsSet ? FarmParts.Read(farm).Storage : Sqlite(DataFolder.Find(configuration.Read<GatewayOptions>("Gateway").DataFolder)));
    }

    public async Task RunAsync()
    {
        if (_folder is not null) await JournalFile.PrepareAsync(_app.Services, _folder.Database, CancellationToken.None);
        else await FarmParts.WaitAsync(_app.Services, _farm, CancellationToken.None);
        await RequireKeysAsync(_app.Services.GetRequiredService<KeyRing>());
        await FarmStart.StartAsync(_app);
        await Banner.PrintAsync(_app, _folder is null ? "the farm's database" : _folder.Path, _listen);
        await _app.WaitForShutdownAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder?.Dispose();
    }

    /// <summary>Without keys everyone who reaches the gateway is let in.</summary>
    private async Task RequireKeysAsync(KeyRing keys)
    {
        await keys.LoadAsync(CancellationToken.None);
        if (keys.IsOpen && !IPAddress.IsLoopback(_listen.Address))
        {
            throw new StartupException($"{_listen} can be reached from outside, so API keys are needed: set SANDQUEUE_API_KEYS, or listen on 127.0.0.1");
        }
    }

    private static IPEndPoint AddHttp(WebApplicationBuilder builder, GatewayOptions options)
    {
        var listen = ListenAddress.Parse(options.Listen);
        var keys = ApiKeys.Read(options.ApiKeys ?? builder.Configuration["API_KEYS"], options.AdminKeys ?? builder.Configuration["ADMIN_KEYS"]);
        ListenAddress.RequireFree(listen);
        GatewayOptionsCheck.Require(options);

        builder.Services.AddApiKeys(keys);
        builder.AddHttpServer(listen, options);
        return listen;
    }

    private static void AddEmbedded(WebApplicationBuilder builder, DataFolder folder, IPEndPoint listen)
    {
        // Who reaches it is on this machine, and may ask what this machine may; the lowest layer, so that settings take precedence.
        if (IPAddress.IsLoopback(listen.Address))
        {
            var allowed = new Dictionary<string, string?> { ["Rollouts:Endpoints:Allow:0"] = "loopback", ["Rollouts:Endpoints:Allow:1"] = "private" };
            ((IConfigurationBuilder)builder.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = allowed });
        }

        if (builder.Configuration["Rollouts:SecretKey"] is null) builder.Services.AddSingleton<IKeySealing>(_ => new ProtectedKeys(KeyProtection.OfFile(folder.Path)));
        builder.Services.AddStorage(Sqlite(folder.Database));
        builder.Services.AddTransport(new TransportOptions());
        builder.Services.AddWorker(builder.Configuration);
    }

    private static StorageOptions Sqlite(string database) => new() { ConnectionString = new SqliteConnectionStringBuilder { DataSource = database }.ToString() };

    private static void AddFarm(WebApplicationBuilder builder, FarmOptions farm, GatewayOptions options)
    {
        var (storage, transport) = FarmParts.Read(farm);
        builder.Services.AddStorage(storage);
        builder.Services.AddTransport(transport);
        builder.Services.AddAmqpDoor(BrokerUsers.Read(options.AmqpUsers));
    }
}
