using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>An environment server that runs as a child process.</summary>
internal sealed partial class ProcessContainer : IContainer
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly OutputTail _output = new();
    private readonly CancellationTokenSource _exited = new();
    private readonly ILogger _log;
    private bool _disposing;

    public ProcessContainer(string id, string digest, Process process, string socket, ILogger log)
    {
        Id = $"{id} (process {process.Id})";
        ImageDigest = digest;
        _process = process;
        SocketPath = socket;
        _log = log;
        Http = EnvironmentHttp.OverSocket(socket);
        process.OutputDataReceived += (_, line) => Print(line.Data);
        process.ErrorDataReceived += (_, line) => Print(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _ = WatchAsync();
    }

    public string Id { get; }

    public string ImageDigest { get; }

    /// <summary>The path it listens at.</summary>
    internal string SocketPath { get; }

    public HttpClient Http { get; }

    public CancellationToken Exited => _exited.Token;

    public string LastOutput => _output.ToString();

    public ValueTask<long?> MeasureMemoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            _process.Refresh();
            return ValueTask.FromResult<long?>(_process.WorkingSet64);
        }
        catch (InvalidOperationException)
        {
            // It has exited: it uses none.
            return ValueTask.FromResult<long?>(null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _disposing = true;
        try
        {
            // The end of its input is its sign to leave.
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(ExitLimit);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException or InvalidOperationException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WaitAsync(ExitLimit);
        }

        File.Delete(SocketPath);
        Http.Dispose();
        _process.Dispose();
    }

    private async Task WatchAsync()
    {
        await _process.WaitForExitAsync();
        if (!_disposing) Died(Id, _process.ExitCode, LastOutput);
        await _exited.CancelAsync();
    }

    private void Print(string? line)
    {
        if (line is null) return;
        _output.Add(line);
        Printed(Id, line);
    }

    [LoggerMessage(LogLevel.Debug, "{Container}: {Line}")]
    private partial void Printed(string container, string line);

    [LoggerMessage(LogLevel.Warning, "container {Container} exited with {ExitCode}; it printed last: {Output}")]
    private partial void Died(string container, int exitCode, string output);
}
