using SandQueue.Programs;

namespace SandQueue.Dashboard.Tests.Browsers;

/// <summary>A program with keys of two tenants and of an admin.</summary>
public sealed class KeyedProgram : IAsyncLifetime
{
    public const string Anna = "anna-secret-0123456789";

    public const string Ben = "ben-secret-0123456789";

    public const string Root = "root-secret-0123456789";

    public RunningProgram Program { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Program = await RunningProgram.StartAsync(
        ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", $"anna={Anna},ben={Ben}").With("SANDQUEUE_ADMIN_KEYS", $"root={Root}"));

    public ValueTask DisposeAsync() => Program?.DisposeAsync() ?? ValueTask.CompletedTask;
}
