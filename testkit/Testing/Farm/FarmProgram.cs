using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace SandQueue.Testing.Farm;

/// <summary>A gateway or a worker as a process of its own, started the way a farm starts it.</summary>
public sealed class FarmProgram : IAsyncDisposable
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private FarmProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it printed so far, a line each.</summary>
    public IReadOnlyList<string> Output => [.. _output];

    /// <summary>Its last lines, but for the frames of stack traces, which would leave no room for what went wrong.</summary>
    public string LastOutput => string.Join(Environment.NewLine, _output.Where(line => !IsFrame(line)).TakeLast(20));

    public bool HasExited => _process.HasExited;

    public int ProcessId => _process.Id;

    /// <param name="name">Gateway or Workers.</param>
    /// <param name="settings">Settings by their names in the configuration, and the variables of OpenTelemetry and .NET by theirs.</param>
    /// <param name="temporary">The folder its temporary files go to: a killed program cannot remove them.</param>
    /// <param name="published">The folder with the published program, in place of the one that was built here.</param>
    public static FarmProgram Start(string name, IReadOnlyDictionary<string, string> settings, string temporary, string? published = null)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var library = published is null ? BuiltProgram.Library(name) : Path.Combine(published, $"SandQueue.{name}.dll");
        var start = new ProcessStartInfo(Dotnet, ["exec", library])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (setting, value) in settings)
        {
            start.Environment[IsVariable(setting) ? setting : $"SANDQUEUE_{setting.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        }

        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Dotnet);
        start.Environment["TMPDIR"] = temporary;
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        return new FarmProgram(Process.Start(start)!);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(ExitLimit);
    }

    /// <summary>Stops it where it is, or lets it go on: STOP, CONT, TERM.</summary>
    public async Task SignalAsync(string signal)
    {
        if (!await SignalAsync(_process.Id, signal)) throw new InvalidOperationException($"process {_process.Id} could not be sent {signal}");
    }

    /// <summary>Sends a signal to any process.</summary>
    /// <returns>False where there is no such process.</returns>
    public static async Task<bool> SignalAsync(int process, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("/bin/kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true });
        await kill!.WaitForExitAsync();
        return kill.ExitCode == 0;
    }

    public async Task<int> ExitCodeAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync().WaitAsync(limit);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host
        ? host
        : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(JsonElement).Assembly.Location)!, "..", "..", "..", "dotnet"));

    private static bool IsVariable(string setting) => setting.StartsWith("OTEL_", StringComparison.Ordinal) || setting.StartsWith("DOTNET_", StringComparison.Ordinal);

    private static bool IsFrame(string line) => line.TrimStart() is var text && (text.StartsWith("at ", StringComparison.Ordinal) || text.StartsWith("--- End of", StringComparison.Ordinal));

    private void Keep(string? line)
    {
        if (line is not null) _output.Enqueue(line);
    }
}
