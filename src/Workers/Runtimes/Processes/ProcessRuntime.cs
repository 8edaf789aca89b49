using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Processes;

/// <summary>
/// Starts our environment server as a child process that listens on a Unix socket. The child's standard input is a pipe
/// to this process: it ends when that does, so no child outlives its worker, however that died.
/// </summary>
internal sealed class ProcessRuntime : IRuntime, IDisposable
{
    private readonly DirectoryInfo _sockets;
    private readonly string _server;
    private readonly string _digest;
    private readonly ILogger<ProcessContainer> _log;
    private int _started;

    public ProcessRuntime(IOptions<ProcessRuntimeOptions> options, ILogger<ProcessContainer> log)
    {
        _server = Path.GetFullPath(options.Value.Server, AppContext.BaseDirectory);
        if (!File.Exists(_server)) throw new ContainerException($"the environment server is not at {_server}; build the solution, or set ProcessRuntime:Server");
        _log = log;

        // The program a person starts is a small launcher; what runs is the library beside it.
        var library = Path.GetExtension(_server) is ".exe" or ".dll" ? Path.ChangeExtension(_server, ".dll") : $"{_server}.dll";
        using var program = File.OpenRead(File.Exists(library) ? library : _server);
        _digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(program))}";

        // A Unix socket's path has at most 107 bytes, so sockets live in the short temporary folder.
        _sockets = Directory.CreateTempSubdirectory("sandqueue-");
    }

    public Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Image is { Length: > 0 })
        {
            throw new ContainerException($"'{environment}' is the image {options.Image}, and this worker starts programs, not images; set Worker:Runtime to docker");
        }

        var id = $"{environment}-{Interlocked.Increment(ref _started)}";
        var socket = Path.Combine(_sockets.FullName, $"{id}.sock");
        var start = new ProcessStartInfo
        {
            FileName = _server.EndsWith(".dll", StringComparison.Ordinal) ? DotnetPath() : _server,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (_server.EndsWith(".dll", StringComparison.Ordinal)) start.ArgumentList.Add(_server);
        foreach (var argument in (string[])["--socket", socket, "--environment", environment, "--die-with-parent"]) start.ArgumentList.Add(argument);

        ChildVariables.RemoveSecrets(start.Environment, environment);

        // Many small servers share a laptop: they give memory back rather than keep it for speed.
        start.Environment["DOTNET_gcServer"] = "0";
        start.Environment["DOTNET_GCConserveMemory"] = "5";
        var data = $"SANDQUEUE_{environment.ToUpperInvariant()}_DATA";
        if (options.Data is { Length: > 0 } folder && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(data))) start.Environment[data] = Path.GetFullPath(folder);
        foreach (var (name, value) in options.Variables) start.Environment[name] = value;

        try
        {
            var process = Process.Start(start) ?? throw new ContainerException($"{start.FileName} did not start");
            return Task.FromResult<IContainer>(new ProcessContainer(id, _digest, process, socket, _log));
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new ContainerException($"cannot start {start.FileName}: {exception.Message}", exception);
        }
    }

    public void Dispose()
    {
        if (_sockets.Exists) _sockets.Delete(recursive: true);
    }

    /// <summary>The runtime this process runs on, for a child that needs the same.</summary>
    private static string DotnetPath() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath!
            : Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
}
