using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>
/// Starts environment servers as child processes: our own, and those that settings name by a command; or attaches to one that
/// runs. A child's standard input is a pipe to this process: the child ends when that does, however this process ended.
/// </summary>
internal sealed partial class ProcessRuntime : IRuntime, IDisposable
{
    private readonly DirectoryInfo _sockets;
    private readonly BuiltInServer _builtIn;
    private readonly ILogger<ProcessContainer> _log;
    private int _started;

    public ProcessRuntime(IOptions<ProcessRuntimeOptions> options, ILogger<ProcessContainer> log)
    {
        _builtIn = new BuiltInServer(options.Value.Server);
        _log = log;

        // A Unix socket's path has at most 107 bytes, so sockets live in the short temporary folder.
        try
        {
            _sockets = Directory.CreateTempSubdirectory("sandqueue-");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ContainerException($"cannot make a folder for the sockets of environments in {Path.GetTempPath()}: {exception.Message} Set TMPDIR to a folder this user can write to", exception);
        }
    }

    public Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Image is { Length: > 0 })
        {
            throw new ContainerException($"'{environment}' is the image {options.Image}, and this worker starts programs, not images; set Worker:Runtime to docker, or name its program by Command");
        }

        var number = Interlocked.Increment(ref _started);
        var id = $"{environment}-{number}";
        if (options.Address is { Length: > 0 } address) return Task.FromResult<IContainer>(new AttachedServer(id, address));

        var socket = Path.Combine(_sockets.FullName, $"{id}.sock");
        var program = options.Command.Count > 0 ? CommandServer.For(environment, options, socket) : _builtIn.For(environment, options, socket);
        return Task.FromResult<IContainer>(new ProcessContainer(program, id, Start(program, environment, options), options.StartsYoung ? LogLevel.Information : LogLevel.Debug, _log));
    }

    public void Dispose()
    {
        try
        {
            // Whatever a server left in it.
            FolderRemoval.Remove(_sockets.FullName);
        }
        catch (DirectoryNotFoundException)
        {
            // Removed before, by hand.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            FolderNotRemoved(exception.Message);
        }
    }

    private static Process Start(ServerProgram program, string environment, EnvironmentOptions options)
    {
        var start = new ProcessStartInfo(program.FileName, program.Arguments)
        {
            WorkingDirectory = program.WorkingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        ChildVariables.KeepHarmless(start.Environment, environment, options);
        foreach (var (name, value) in program.Variables) start.Environment[name] = value;
        try
        {
            return Process.Start(start) ?? throw new ContainerException($"{start.FileName} did not start");
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ContainerException($"cannot start {start.FileName}: {exception.Message}", exception);
        }
    }

    [LoggerMessage(LogLevel.Warning, "the folder of the environments' sockets stays: {Reason}")]
    private partial void FolderNotRemoved(string reason);
}
