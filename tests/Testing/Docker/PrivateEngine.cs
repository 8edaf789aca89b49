using System.Diagnostics;
using Docker.DotNet;

namespace SandQueue.Testing.Docker;

/// <summary>
/// An engine in a folder of its own. It ends when the pipe to it does, so with the tests, however those end; its folder
/// goes with it.
/// </summary>
public sealed class PrivateEngine : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    /// <summary>The shell outlives the tests by as long as the engine takes to end, then removes its folder.</summary>
    private const string Script =
        """
        trap '' INT TERM HUP
        dockerd --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid" --host "unix://$1/docker.sock" --bridge none >"$1/log" 2>&1 &
        engine=$!
        cat >/dev/null
        kill "$engine" 2>/dev/null
        wait "$engine"
        awk -v folder="$1/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
        rm -rf "$1"
        """;

    private readonly Process _shell;
    private readonly string _folder;

    private PrivateEngine(Process shell, string folder) => (_shell, _folder) = (shell, folder);

    public Uri Address => new($"unix://{_folder}/docker.sock");

    /// <summary>The engine's process, to end it as a crash does.</summary>
    public int ProcessId => int.Parse(File.ReadAllText(Path.Combine(_folder, "pid")), System.Globalization.CultureInfo.InvariantCulture);

    /// <returns>The engine, or why there is none.</returns>
    public static async Task<(PrivateEngine? Engine, string? Missing)> StartAsync()
    {
        if (!OperatingSystem.IsLinux()) return (null, "needs a Docker engine: set DOCKER_HOST");
        if (!Environment.IsPrivilegedProcess) return (null, "needs a Docker engine: set DOCKER_HOST, or run as root where dockerd is installed");
        if (!Programs.Exist("dockerd")) return (null, "needs a Docker engine: set DOCKER_HOST, or install dockerd (Debian: docker.io)");

        var folder = Directory.CreateTempSubdirectory("sandqueue-engine-").FullName;
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", Script, "sh", folder]) start.ArgumentList.Add(argument);
        start.Environment["PATH"] = Programs.SearchPath;
        var engine = new PrivateEngine(Process.Start(start)!, folder);
        if (await engine.IsUpAsync()) return (engine, null);

        var log = await File.ReadAllLinesAsync(Path.Combine(folder, "log"));
        await engine.DisposeAsync();
        return (null, $"needs a Docker engine, and dockerd does not start here: {log.LastOrDefault() ?? "it printed nothing"}");
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync().WaitAsync(EndLimit);
        _shell.Dispose();
    }

    private async Task<bool> IsUpAsync()
    {
        using var limit = new CancellationTokenSource(StartLimit);
        using var configuration = new DockerClientConfiguration(Address);
        using var client = configuration.CreateClient();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(limit.Token))
            {
                try
                {
                    await client.System.PingAsync(limit.Token);
                    return true;
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It does not come up.
        }

        return false;
    }
}
