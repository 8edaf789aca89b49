using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tests.Doors;
using SandQueue.Gateway.Tests.RestV1;
using SandQueue.Gateway.Tests.Security;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Transport;

namespace SandQueue.Gateway.Tests.Mcp;

/// <summary>The door of MCP on a web server of its own. Commands are answered as <see cref="Lake"/> says, and instances are in the journal as a worker would write them.</summary>
internal sealed class McpServer : IAsyncLifetime
{
    private const string Version = "2025-06-18";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-mcp-");
    private readonly Lake _lake = new();
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private int _last;

    public RecordingRouter Router { get; } = new();

    /// <summary>What a release ends as where it does not complete.</summary>
    public CommandOutcome? ReleaseFailure { get; set; }

    /// <summary>Whether the database has tables: without, whatever is asked of it fails.</summary>
    public bool HasDatabase { get; init; } = true;

    public int MostSessions { get; init; } = 10;

    /// <summary>The session of the requests; null where they name none.</summary>
    public string? Session { get; private set; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var keys = ApiKeys.Read("mine=key-one", "admin=key-admin");
        builder.Services.AddApiKeys(keys);
        builder.Services.AddSingleton<IKeyRing>(new SettingsKeys(keys));
        builder.Services.AddSingleton(TimeProvider.System).AddStorage(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "mcp.db")}" });
        builder.Services.AddTransport(new TransportOptions());
        builder.Services.AddCommandRouter().AddSingleton<ICommandRouter>(Router);
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(new GatewayOptions { McpSessions = MostSessions }));
        builder.Services.AddSingleton(new BodyLimit(100_000, TimeSpan.FromSeconds(30))).AddSingleton<ClosingTime>().AddSingleton<RequestErrors>();
        builder.Services.AddCommandDelivery();
        builder.Services.AddMcpDoor();
        _app = builder.Build();
        if (HasDatabase) await _app.Services.MigrateStorageAsync(Cancel);
        Router.Answer = AnswerAsync;
        _app.UseJsonRpcErrorsUnderMcp();
        _app.UseRouting();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapMcpDoor();
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

    /// <summary>Begins a session.</summary>
    public async Task BeginAsync()
    {
        using var begun = await InitializeAsync(Cancel);
        begun.IsSuccessStatusCode.ShouldBeTrue(await begun.Content.ReadAsStringAsync(Cancel));
        Session = begun.Headers.GetValues("Mcp-Session-Id").Single();
        using var ready = await SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", [], Cancel);
    }

    /// <summary>Sends the request that begins a session.</summary>
    public Task<HttpResponseMessage> InitializeAsync(CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        Session = null;
        return SendAsync(
            HttpMethod.Post,
            $$$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"{{{{Version}}}}","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}""",
            headers,
            cancellationToken);
    }

    /// <summary>The response to a request of the session: its result or error.</summary>
    public async Task<JsonElement> AskAsync(string method, string parameters = "{}")
    {
        using var response = await SendAsync(HttpMethod.Post, $$"""{"jsonrpc":"2.0","id":{{++_last}},"method":"{{method}}","params":{{parameters}}}""", [], Cancel);
        var body = await response.Content.ReadAsStringAsync(Cancel);
        var last = response.Content.Headers.ContentType?.MediaType == "text/event-stream" ? body.Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..] : body;
        return JsonElement.Parse(last);
    }

    /// <summary>What a call of a tool answers, right or wrong.</summary>
    public async Task<JsonElement> CallAsync(string tool, string arguments = "{}") => (await AskAsync("tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""")).GetProperty("result");

    public async Task<string[]> ToolsAsync() => [.. (await AskAsync("tools/list")).GetProperty("result").GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString()!)];

    /// <summary>Ends the session.</summary>
    public async Task<(int Status, string Body)> EndAsync()
    {
        using var response = await SendAsync(HttpMethod.Delete, message: null, [], Cancel);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string? message, (string Name, string Value)[] headers, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, "/mcp");
        if (message is not null) request.Content = new StringContent(message, Encoding.UTF8, "application/json");
        request.Headers.Authorization = new("Bearer", "key-one");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        if (Session is not null) request.Headers.Add("Mcp-Session-Id", Session);
        if (Session is not null) request.Headers.Add("MCP-Protocol-Version", Version);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return _http.SendAsync(request, cancellationToken);
    }

    private async Task<CommandOutcome> AnswerAsync(Command command)
    {
        if (command is ReleaseInstance && ReleaseFailure is { } failure) return failure;
        var outcome = await _lake.AnswerAsync(command);
        if (outcome is not CommandOutcome.Completed completed) return outcome;
        var instances = _app.Services.GetRequiredService<InstanceDirectory>();
        if (command is CreateInstance create) await RecordAsync(instances, create, completed.Answer);
        if (command is ReleaseInstance release && await instances.FindLivingAsync(release.Tenant, release.InstanceId, Cancel) is { } row) await instances.EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "was released", 5, Cancel);
        return outcome;
    }

    private async Task RecordAsync(InstanceDirectory instances, CreateInstance create, byte[] answer)
    {
        var row = new Instance
        {
            Tenant = create.Tenant, InstanceId = create.InstanceId, EnvType = create.EnvType, TaskId = create.TaskId, Params = [], SandboxId = create.SandboxId, State = InstanceState.Live, Owner = "w.1", Epoch = 1,
        };
        (await instances.ClaimAsync(row, Cancel)).ShouldBeNull();
        var entry = new JournalEntry { Tenant = row.Tenant, CommandId = create.CommandId, EpisodeId = row.EpisodeId, Kind = JournalKind.Create, Step = 0, End = CommandEnd.Completed, Epoch = 1, Answer = answer };
        var progress = new InstanceProgress { EpisodeId = row.EpisodeId, Epoch = 1, FromStep = 1, NextStep = 1, State = InstanceState.Live, LastUsedAt = 5 };
        (await _app.Services.GetRequiredService<EpisodeJournal>().AppendAsync(new JournalAppend(entry, progress), Cancel)).ShouldBe(JournalVerdict.Committed);
    }
}
