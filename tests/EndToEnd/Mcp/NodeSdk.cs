using SandQueue.Testing;

namespace SandQueue.EndToEnd.Mcp;

/// <summary>The official SDK for Node, installed once for all tests that use it.</summary>
public sealed class NodeSdk : IAsyncLifetime
{
    private NodePackages? _packages;

    public async ValueTask InitializeAsync() => _packages = await NodePackages.InstallAsync("@modelcontextprotocol/sdk@1.32.2");

    public ValueTask DisposeAsync()
    {
        _packages?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs a script that has to end well.</summary>
    /// <returns>The lines that it prints.</returns>
    public async Task<string[]> RunAsync(string script, Uri gateway, string? key = null)
    {
        Assert.SkipUnless(_packages!.Missing is null, _packages.Missing ?? "");
        var (exit, lines, errors) = await _packages.RunAsync(script, ("SANDQUEUE", gateway.ToString()), ("KEY", key ?? ""));
        exit.ShouldBe(0, errors);
        errors.ShouldBeEmpty();
        return lines;
    }
}
