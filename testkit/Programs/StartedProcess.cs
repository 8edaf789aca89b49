using System.Diagnostics;
using SandQueue.Testing.Docker;

namespace SandQueue.Programs;

/// <summary>A process that was started, what it printed, and its end.</summary>
public sealed class StartedProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestAttemptTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly PrintedLines _output = new();
    private readonly PrintedLines _errors = new();

    private StartedProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
    }

    public int Id => _process.Id;

    public bool IsRunning => !_process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output => _output.ToString();

    public string Errors => _errors.ToString();

    /// <param name="start">What to run.</param>
    /// <param name="variables">Its environment: all of it, so that nothing of the machine's own leaks in.</param>
    public static StartedProcess Start(ProcessStartInfo start, IEnumerable<KeyValuePair<string, string>> variables)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment.Clear();
        foreach (var (name, value) in variables) start.Environment[name] = value;

        var started = new StartedProcess(new Process { StartInfo = start });
        started._process.Start();
        started._process.StandardInput.Close();
        started._process.BeginOutputReadLine();
        started._process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Waits until it has printed a line.</summary>
    public async Task AwaitOutputAsync(string line, TimeSpan limit)
    {
        await Task.WhenAny(_output.PrintedAsync(line), _process.WaitForExitAsync(), Task.Delay(limit));
        Output.ShouldContain(line, Case.Sensitive, $"it printed instead: {Output}{Errors}");
    }

    /// <summary>Waits for its end, and for all it printed.</summary>
    public async Task WaitAsync(TimeSpan limit)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(limit);
        }
        catch (TimeoutException)
        {
            throw new ShouldAssertException($"the program did not end within {limit.TotalSeconds} s; it printed: {Output}{Errors}");
        }
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(LongestAttemptTimeout);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
