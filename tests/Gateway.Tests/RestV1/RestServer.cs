using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NSubstitute;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tests.Security;
using SandQueue.Rollouts.Hosting;
using SandQueue.Routing;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Limits;
using SandQueue.Routing.Observation.Latency;
using SandQueue.Routing.Sending;
using SandQueue.Storage;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Transport.Fakes;
using SandQueue.Transport.Sending;

namespace SandQueue.Gateway.Tests.RestV1;

/// <summary>The routes on a web server of their own, in front of a database and a router that answers every command at once.</summary>
public sealed class RestServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-rest-");
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal RecordingRouter Router { get; } = new();

    internal IJournalRoom Room { get; } = Substitute.For<IJournalRoom>();

    /// <summary>Whether the database has tables: without, whatever is asked of it fails.</summary>
    internal bool HasDatabase { get; init; } = true;

    /// <summary>What keys may do that are no admin's.</summary>
    internal KeyScope Scope { get; init; }

    /// <summary>Where the journal is; null for a file of its own.</summary>
    internal StorageOptions? Storage { get; init; }

    internal Uri Address => _http.BaseAddress!;

    internal IServiceProvider Services => _app.Services;

    internal string Database => $"Data Source={Path.Combine(_folder.FullName, "rest.db")}";

    public IEnumerable<RouteEndpoint> Routes => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var keys = ApiKeys.Read("mine=key-one,theirs=key-two", "admin=key-admin");
        builder.Services.AddApiKeys(keys);
        builder.Services.AddSingleton<IKeyRing>(new SettingsKeys(keys, Scope));
        builder.Services.AddSingleton(TimeProvider.System).AddStorage(Storage ?? new StorageOptions { ConnectionString = Database });
        builder.Services.AddSingleton<FleetView>().AddSingleton(new CommandLatency(TimeProvider.System, name => name)).AddSingleton<ICommandRouter>(Router).AddSingleton<ICommandsInFlight>(Router).AddSingleton(Room);
        builder.Services.Configure<GatewayOptions>(_ => { });
        builder.Services.AddSingleton(new BodyLimit(100_000, TimeSpan.FromSeconds(30))).AddSingleton<ClosingTime>().AddSingleton<RequestErrors>();
        builder.Services.AddCommandDelivery();
        builder.Services.AddSingleton<IMessageSender>(new FakeMessageSender());
        builder.Services.AddBatches(builder.Configuration);
        builder.Services.AddRestV1();
        _app = builder.Build();
        if (HasDatabase) await _app.Services.MigrateStorageAsync(Cancel);
        _app.UseDetailsForStrayRequests();
        _app.UseSingleSlashes();
        _app.UseProblemsUnderV1();
        _app.UseRouting();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapRestV1();
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

    public Task<RestAnswer> SendAsync(string method, string path, string? body = null, string? key = "key-one", params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), key, headers);

    public async Task<RestAnswer> SendAsync(string method, string path, byte[]? body, string? key = "key-one", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new ByteArrayContent(body);
        if (key is not null) request.Headers.Authorization = new("Bearer", key);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, Cancel);
        return new RestAnswer(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(Cancel),
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.TryGetValues("Retry-After", out var seconds) ? seconds.Single() : null,
            response.Headers.Location?.OriginalString);
    }
}

/// <summary>An answer of the routes.</summary>
public sealed record RestAnswer(HttpStatusCode Status, string Body, string? ContentType, string? RetryAfter, string? Location)
{
    public JsonElement Json => JsonElement.Parse(Body);

    /// <summary>The detail of an answer that has to be a problem of this status and code.</summary>
    public string ProblemOf(int status, string code)
    {
        ((int)Status).ShouldBe(status, Body);
        ContentType.ShouldBe("application/problem+json");
        Json.GetProperty("status").GetInt32().ShouldBe(status);
        Json.GetProperty("code").GetString().ShouldBe(code, Body);
        var detail = Json.GetProperty("detail").GetString()!;
        detail.ShouldNotBeNullOrWhiteSpace();
        detail.ShouldNotContain("\n");
        detail.ShouldNotMatch(@"\bat [A-Za-z_]+\.[A-Za-z_.]+\(", "a detail is no stack trace");
        return detail;
    }
}
