using System.Diagnostics;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>An environment server that runs as a child process.</summary>
internal sealed partial class ProcessContainer : IContainer
{
    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly OutputTail _output = new();
    private readonly CancellationTokenSource _exited = new();
    private readonly LogLevel _printed;
    private readonly ILogger _log;
    private readonly Task _watch;
    private bool _disposing;

    /// <param name="program">What runs.</param>
    /// <param name="id">Its name.</param>
    /// <param name="process">It, started.</param>
    /// <param name="printed">At which level what it prints is logged.</param>
    /// <param name="log">Gets what it prints, and its end.</param>
    public ProcessContainer(ServerProgram program, string id, Process process, LogLevel printed, ILogger log)
    {
        _printed = printed;
        Id = $"{id} (process {process.Id})";
        ImageDigest = program.Digest;
        _process = process;
        SocketPath = program.Endpoint.Socket;
        _log = log;
        (Http, Connect) = program.Endpoint.Address;
        _watch = WatchAsync(Task.WhenAll(ReadAsync(process.StandardOutput.BaseStream), ReadAsync(process.StandardError.BaseStream)));
    }

    public string Id { get; }

    public string ImageDigest { get; }

    /// <summary>The path it listens at, unless it listens on its port.</summary>
    internal string SocketPath { get; }

    public HttpClient Http { get; }

    public Func<CancellationToken, ValueTask<Stream>>? Connect { get; }

    public CancellationToken Exited => _exited.Token;

    public string LastOutput => _output.ToString();

    public ValueTask<long?> MeasureMemoryAsync(CancellationToken cancellationToken)
    {
        try
        {
            return ValueTask.FromResult<long?>(_process.HasExited ? null : ProcessMemory.OfTree(_process));
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

        await _watch;
        RemoveSocket();
        Http.Dispose();
        _process.Dispose();
    }

    /// <summary>What is in its place goes with the folder: a server may put anything there.</summary>
    private void RemoveSocket()
    {
        try
        {
            File.Delete(SocketPath);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            SocketNotRemoved(Id, exception.Message);
        }
    }

    private async Task WatchAsync(Task output)
    {
        await _process.WaitForExitAsync();
        if (!_disposing)
        {
            // What it printed last belongs to the report of its end; a child of its own may hold the pipe for longer.
            await Task.WhenAny(output, Task.Delay(ExitLimit));
            Died(Id, _process.ExitCode, OneLine.OfEnd(LastOutput));
        }

        await _exited.CancelAsync();
    }

    private async Task ReadAsync(Stream output)
    {
        var lines = new OutputLines(Print);
        var buffer = new byte[8 * 1024];
        try
        {
            while (await output.ReadAsync(buffer) is > 0 and var read) lines.Take(buffer.AsSpan(0, read));
            lines.End();
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process has ended, and its pipe with it.
        }
    }

    private void Print(string line)
    {
        _output.Add(line);
        if (!_log.IsEnabled(_printed)) return;
        var shown = OneLine.Of(line);
        Printed(_printed, Id, shown);
    }

    [LoggerMessage("{Container}: {Line}")]
    private partial void Printed(LogLevel level, string container, string line);

    [LoggerMessage(LogLevel.Warning, "what container {Container} put in the place of its socket stays until the worker ends: {Reason}")]
    private partial void SocketNotRemoved(string container, string reason);

    [LoggerMessage(LogLevel.Warning, "container {Container} exited with {ExitCode}; it printed last: {Output}")]
    private partial void Died(string container, int exitCode, string output);
}
