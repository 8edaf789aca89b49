using System.Diagnostics;
using System.Globalization;
using Docker.DotNet;

namespace SandQueue.Testing.Docker;

/// <summary>
/// An engine in a folder of its own. It ends when the pipe to it does, so with the tests, however those end; its folder
/// goes with it.
/// </summary>
public sealed class PrivateEngine : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Starts the engine at every line it reads. At the end of its input it ends the engine, what a crashed engine left
    /// running, and its folder. Processes are found by their own root folder and command line, never by name alone.
    /// </summary>
    private const string Script =
        """
        trap '' INT TERM HUP
        while read -r line; do
          wait
          rm -f "$1/exec/containerd/containerd.pid"
          # An engine without a bridge removes docker0, which may be that of the machine's own engine; one that is there is left alone.
          if [ -e /sys/class/net/docker0 ]; then bridge=docker0; else bridge=none; fi
          dockerd --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid" --host "unix://$1/docker.sock" --bridge "$bridge" $2 >>"$1/log" 2>&1 </dev/null &
          engine=$!
          echo "$engine" >"$1/engine"
        done
        kill "$engine" 2>/dev/null
        wait "$engine"
        for process in /proc/[0-9]*; do
          if grep -q " / / .*lowerdir=$1/" "$process/mountinfo" || tr '\0' ' ' <"$process/cmdline" | grep -q "containerd-shim.* $1/exec/"; then kill -9 "${process#/proc/}"; fi
        done 2>/dev/null
        awk -v folder="$1/" 'index($2, folder) == 1 { print $2 }' /proc/mounts | sort -r | while read -r mount; do umount -l "$mount"; done
        rm -rf "$1"
        """;

    private readonly Process _shell;
    private readonly string _folder;

    private PrivateEngine(Process shell, string folder) => (_shell, _folder) = (shell, folder);

    public Uri Address => new($"unix://{_folder}/docker.sock");

    /// <summary>Where the number of its process is, once that was started.</summary>
    private string Started => Path.Combine(_folder, "engine");

    /// <summary>Ends the engine's process as a crash does. Its containers run on until it is started again.</summary>
    public async Task CrashAsync()
    {
        using var process = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "pid")), CultureInfo.InvariantCulture));
        process.Kill();
        while (await AnswersAsync(CancellationToken.None)) await Task.Yield();
    }

    /// <returns>Whether it came up.</returns>
    public async Task<bool> StartAgainAsync()
    {
        File.Delete(Started);
        await _shell.StandardInput.WriteLineAsync("start");
        await _shell.StandardInput.FlushAsync();
        return await IsUpAsync();
    }

    /// <param name="filters">
    /// Whether it sets up packet filters, which networks need. They are the machine's: a second engine that sets them up
    /// takes those of the first away for a moment.
    /// </param>
    /// <returns>The engine, or why there is none.</returns>
    public static async Task<(PrivateEngine? Engine, string? Missing)> StartAsync(bool filters = true)
    {
        if (!OperatingSystem.IsLinux()) return (null, "needs a Docker engine: set DOCKER_HOST");
        if (!Environment.IsPrivilegedProcess) return (null, "needs a Docker engine: set DOCKER_HOST, or run as root where dockerd is installed");
        if (!Programs.Exist("dockerd")) return (null, "needs a Docker engine: set DOCKER_HOST, or install dockerd (Debian: docker.io)");

        var folder = Directory.CreateTempSubdirectory("sandqueue-engine-").FullName;
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-c", Script, "sh", folder, filters ? "" : "--iptables=false"]) start.ArgumentList.Add(argument);
        start.Environment["PATH"] = Programs.SearchPath;
        var engine = new PrivateEngine(Process.Start(start)!, folder);

        // One that ended at once, as it does where a busy machine keeps it waiting for its own parts, is started once more.
        if (await engine.StartAgainAsync() || (engine.HasEnded() && await engine.StartAgainAsync())) return (engine, null);

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
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (!await AnswersAsync(limit.Token))
            {
                if (HasEnded()) return false;
                await timer.WaitForNextTickAsync(limit.Token);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>A process that has ended keeps its number until its parent asks for it, and has no command line any more.</summary>
    private bool HasEnded()
    {
        try
        {
            return int.TryParse(File.ReadAllText(Started), CultureInfo.InvariantCulture, out var engine)
                && File.ReadAllText(Path.Combine("/proc", engine.ToString(CultureInfo.InvariantCulture), "cmdline")).Length == 0;
        }
        catch (FileNotFoundException)
        {
            // It was not started yet.
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        using var configuration = new DockerClientConfiguration(Address);
        using var client = configuration.CreateClient();
        try
        {
            await client.System.PingAsync(cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return false;
        }
    }
}
