using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv;
using SandQueue.Gateway.OpenEnv.Sockets;
using SandQueue.Gateway.Ors;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tests.RestV1;
using SandQueue.Gateway.Tests.Security;
using SandQueue.Routing;
using SandQueue.Routing.Fleet;
using SandQueue.Storage;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Testing.OpenEnv;

namespace SandQueue.Gateway.Tests.Doors;

/// <summary>
/// The doors for foreign protocols on a web server of their own: a worker serves the environment <c>lake</c>, and a router answers every command at once, as <see cref="Lake"/> says.
/// </summary>
public sealed class DoorServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-doors-");
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal RecordingRouter Router { get; } = new() { Answer = new Lake().AnswerAsync };

    /// <summary>What keys may do that are no admin's.</summary>
    internal KeyScope Scope { get; init; }

    internal SocketLimits Limits { get; init; } = new(50, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(15));

    /// <summary>Instances of <c>lake</c> that its worker could still take.</summary>
    internal int FreeSlots { get; init; } = 100;

    internal TimeSpan ReadTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether the keys of the settings are let in.</summary>
    internal bool LetsIn { get; set; } = true;

    public Uri Address => _http.BaseAddress!;

    public IServiceProvider Services => _app.Services;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var keys = ApiKeys.Read("mine=key-one,theirs=key-two", "admin=key-admin");
        builder.Services.AddApiKeys(keys);
        builder.Services.AddSingleton<IKeyRing>(new SwitchedKeys(new SettingsKeys(keys, Scope), () => LetsIn));
        builder.Services.AddSingleton(TimeProvider.System).AddStorage(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "doors.db")}" });
        builder.Services.AddSingleton<FleetView>().AddSingleton<ICommandRouter>(Router);
        builder.Services.Configure<GatewayOptions>(_ => { });
        builder.Services.AddSingleton(new BodyLimit(100_000, ReadTimeout)).AddSingleton<ClosingTime>().AddSingleton<RequestErrors>();
        builder.Services.Configure<RouteOptions>(routing => routing.SetParameterPolicy<RegexInlineRouteConstraint>("regex"));
        builder.Services.AddCommandDelivery();
        builder.Services.AddCatalogue();
        builder.Services.AddOpenEnv();
        builder.Services.AddOrs();
        builder.Services.AddSingleton(Limits);
        _app = builder.Build();
        await _app.Services.MigrateStorageAsync(Cancel);
        await _app.Services.GetRequiredService<WorkerDirectory>().RegisterAsync(
            new Worker { Name = "w.1", Host = "here", Version = "1", Contract = QueueNames.ContractVersion, Environments = Lake.Catalogue, Capacity = [new EnvironmentCapacity("lake", FreeSlots, 0)] }, TimeSpan.FromHours(1), Cancel);
        _app.UseDetailsForStrayRequests();
        _app.UseSingleSlashes();
        _app.UseWebSockets();
        _app.UseRouting();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapPost("/create", () => "AgentScope's");
        _app.MapOpenEnv();
        _app.MapOrs();
        await _app.StartAsync(Cancel);
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        await _folder.RemoveAsync();
    }

    /// <summary>Stops it as a program stops.</summary>
    internal Task StopAsync() => _app.StopAsync(Cancel);

    public Task<DoorAnswer> SendAsync(string method, string path, string? body = null, string? key = "key-one", params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), key, headers);

    public async Task<DoorAnswer> SendAsync(string method, string path, byte[]? body, string? key = "key-one", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        if (key is not null) request.Headers.TryAddWithoutValidation("X-API-Key", key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, Cancel);
        return new DoorAnswer(response.StatusCode, await response.Content.ReadAsStringAsync(Cancel), response.Content.Headers.ContentType?.MediaType);
    }

    internal async Task<FrameClient> ConnectAsync(string environment = "lake", string? key = "key-one") => await FrameClient.ConnectAsync(Address, environment, key);

    private sealed class SwitchedKeys(IKeyRing keys, Func<bool> letsIn) : IKeyRing
    {
        public bool IsOpen => keys.IsOpen;

        public ValueTask<Access?> FindAsync(string? key, CancellationToken cancellationToken) => letsIn() ? keys.FindAsync(key, cancellationToken) : ValueTask.FromResult<Access?>(null);
    }
}

/// <summary>An answer of the doors.</summary>
public sealed record DoorAnswer(HttpStatusCode Status, string Body, string? ContentType)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The detail of an answer that has to be an error of this status.</summary>
    public string DetailOf(int status)
    {
        ((int)Status).ShouldBe(status, Body);
        var detail = Json.GetProperty("detail").GetString()!;
        detail.ShouldNotBeNullOrWhiteSpace();
        detail.ShouldNotContain("\n");
        detail.ShouldNotMatch(@"\bat [A-Za-z_]+\.[A-Za-z_.]+\(", "a detail is no stack trace");
        return detail;
    }
}
