using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SandQueue.Gateway.Administration;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Tests.Security;
using SandQueue.Storage;
using SandQueue.Testing;

namespace SandQueue.Gateway.Tests.Administration;

/// <summary>The routes on a web server of their own, whose database has no tables: whatever is asked of it fails.</summary>
public sealed class AdministrationEndpointsTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-admin-");
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddApiKeys(ApiKeys.Read(keys: null));
        builder.Services.AddSingleton<IKeyRing>(new SettingsKeys(ApiKeys.Read(keys: null)));
        builder.Services.AddAdministration();
        builder.Services.AddSingleton<ClosingTime>().AddSingleton<RequestErrors>().AddSingleton(new BodyLimit(1 << 20, TimeSpan.FromSeconds(30)));
        builder.Services.AddSingleton(TimeProvider.System).AddStorage(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, "empty.db")}" });
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.MapAdministration(isFarm: true);
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

    [Theory]
    [InlineData("GET", "/admin/workers")]
    [InlineData("POST", "/admin/workers/w1/drain")]
    [InlineData("GET", "/admin/keys")]
    [InlineData("DELETE", "/admin/keys/k1")]
    public async Task A_database_that_is_away_is_said_in_one_line(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await _http.SendAsync(request, Cancel);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Cancel)).ShouldBe("""{"detail":"the database cannot be reached; try again later"}""");
    }
}
