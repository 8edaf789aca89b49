using System.Diagnostics;

namespace SandQueue.Testing;

/// <summary>
/// A server that runs beside the tests. A small shell stands between: it ends the server when its own standard input
/// ends, so that none is left behind, however the tests ended.
/// </summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Guard = """exec 2>/dev/null; signal=$1; log=$2; shift 2; "$@" </dev/null >>"$log" 2>&1 & server=$!; cat >/dev/null; kill -s "$signal" $server 2>/dev/null; wait $server""";

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly string _log;

    private ServerProcess(Process process, string log) => (_process, _log) = (process, log);

    public string LastOutput => File.Exists(_log) ? string.Join(" | ", File.ReadLines(_log).TakeLast(12)) : "it printed nothing";

    /// <param name="command">The program and its arguments.</param>
    /// <param name="environment">Environment variables besides this process's own.</param>
    /// <param name="signal">The signal that ends it in order: <c>TERM</c>, <c>INT</c>.</param>
    /// <param name="log">The file its output goes to.</param>
    public static ServerProcess Start(IEnumerable<string> command, Dictionary<string, string> environment, string signal, string log)
    {
        var start = Command(["/bin/sh", "-c", Guard, "sh", signal, log, .. command], environment);
        start.RedirectStandardInput = true;
        return new ServerProcess(Process.Start(start)!, log);
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It ended with a failure; the message has its output.</exception>
    public static async Task RunAsync(IEnumerable<string> command, Dictionary<string, string> environment)
    {
        string[] words = [.. command];
        var start = Command(words, environment);
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var printed = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(ExitLimit);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{string.Join(' ', words)} ended with {process.ExitCode}: {string.Join(' ', printed)}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(ExitLimit);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(ExitLimit);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Command(IEnumerable<string> words, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(words.First(), words.Skip(1)) { UseShellExecute = false };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }
}
