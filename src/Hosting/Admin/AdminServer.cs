using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SandQueue.Hosting.Admin;

/// <summary>
/// A web server of its own for the admin address, beside whatever the program serves: a worker serves nothing else, and what reaches a gateway's doors must
/// not reach this.
/// </summary>
internal sealed partial class AdminServer(IPEndPoint address, IEnumerable<IAdminPages> pages, ILoggerFactory logs) : IHostedService, IAsyncDisposable
{
    private const int MostConnections = 100;

    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Listen(address);
        });
        _app = builder.Build();
        foreach (var page in pages) page.Map(_app);
        await _app.StartAsync(cancellationToken);
        Listens(logs.CreateLogger<AdminServer>(), address);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    [LoggerMessage(LogLevel.Information, "operators' programs are answered on http://{Address}")]
    private static partial void Listens(ILogger log, IPEndPoint address);
}
