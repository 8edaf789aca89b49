using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Runtimes.Processes;

namespace SandQueue.Workers.Tests.Runtimes.Processes;

public sealed partial class ProcessFixture : RuntimeFixture, IDisposable
{
    private readonly ProcessRuntime _runtime = NewRuntime();

    internal override IRuntime Runtime => _runtime;

    public static string Server { get; } = Path.GetFullPath(new ProcessRuntimeOptions().Server, AppContext.BaseDirectory);

    internal static ProcessRuntime NewRuntime(string? server = null) =>
        new(Options.Create(server is null ? new ProcessRuntimeOptions() : new ProcessRuntimeOptions { Server = server }), NullLogger<ProcessContainer>.Instance);

    internal override Task<bool> IsAnythingLeftAsync(IContainer container)
    {
        var process = int.Parse(Number().Match(container.Id).Groups[1].Value, CultureInfo.InvariantCulture);
        return Task.FromResult(IsRunning(process) || File.Exists(((ProcessContainer)container).SocketPath));
    }

    public void Dispose() => _runtime.Dispose();

    public static bool IsRunning(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\(process (\d+)\)")]
    private static partial Regex Number();
}

public sealed class ProcessRuntimeContract(ProcessFixture fixture) : RuntimeContract(fixture), IClassFixture<ProcessFixture>;
