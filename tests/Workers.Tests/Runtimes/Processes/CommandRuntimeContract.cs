using SandQueue.Contracts;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Runtimes.Processes;

namespace SandQueue.Workers.Tests.Runtimes.Processes;

/// <summary>Our own server as a command of the settings, which does not watch its parent itself.</summary>
public sealed class CommandFixture : RuntimeFixture, IDisposable
{
    private readonly ProcessRuntime _runtime = ProcessFixture.NewRuntime();

    internal override IRuntime Runtime => new ByCommand(_runtime);

    /// <summary>Whether a process still knows the socket from its command line, or the socket is there.</summary>
    internal override Task<bool> IsAnythingLeftAsync(IContainer container)
    {
        var socket = ((ProcessContainer)container).SocketPath;
        return Task.FromResult(File.Exists(socket) || Directory.EnumerateDirectories("/proc").Any(process => CommandLine(process).Contains(socket, StringComparison.Ordinal)));
    }

    public void Dispose() => _runtime.Dispose();

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private sealed class ByCommand(ProcessRuntime runtime) : IRuntime
    {
        public Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancellationToken)
        {
            var command = new EnvironmentOptions { Command = [ProcessFixture.Server, "--socket", "{socket}", "--environment", "{environment}"], Variables = options.Variables };
            return runtime.StartAsync(environment, command, cancellationToken);
        }
    }
}

public sealed class CommandRuntimeContract(CommandFixture fixture) : RuntimeContract(fixture), IClassFixture<CommandFixture>;
