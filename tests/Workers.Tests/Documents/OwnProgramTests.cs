using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Hosting.Settings;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Testing.Documents;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Hosting;
using SandQueue.Workers.Settings;
using SandQueue.Workers.Tests.Runtimes.Processes;

namespace SandQueue.Workers.Tests.Documents;

/// <summary>The Python program of <c>docs/environments.md</c>: started with the page's settings by this machine's Python, and played.</summary>
public sealed class OwnProgramTests : IDisposable
{
    private readonly DirectoryInfo _environments = Directory.CreateTempSubdirectory("sandqueue-environments-");
    private readonly Dictionary<string, string> _page = DocumentBlock.Read(Path.Combine("docs", "environments.md"))
        .Where(block => block.Kind == "program").ToDictionary(block => block.Subject, block => block.Text, StringComparer.Ordinal);

    public OwnProgramTests() => Assert.SkipUnless(File.Exists("/usr/bin/python3"), "needs Python at /usr/bin/python3");

    private string Folder => Path.Combine(_environments.FullName, "guess");

    public void Dispose() => _environments.Delete(recursive: true);

    [Fact]
    public async Task The_program_of_the_page_is_started_and_played()
    {
        var options = Write("environment.json");
        using var runtime = ProcessFixture.NewRuntime();
        await using var pool = new ContainerPool("guess", options, runtime, new EnvironmentProtocols(TimeProvider.System).Create("guess", options), TimeProvider.System, NullLogger<ContainerPool>.Instance);

        await GuessGame.PlayAsync(pool);
    }

    [Fact]
    public async Task A_program_that_runs_already_is_attached_to_and_left_running()
    {
        var options = Write("attached.json");
        var address = new Uri(options.Address!);
        using var running = Process.Start(new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Folder, "guess.py")]) { Environment = { ["PORT"] = $"{address.Port}" } })!;
        try
        {
            await Until.TrueAsync("it listens", () => ListensAsync(address.Port), TimeSpan.FromSeconds(60));
            using var runtime = ProcessFixture.NewRuntime();
            await using (var pool = new ContainerPool("guess", options, runtime, new EnvironmentProtocols(TimeProvider.System).Create("guess", options), TimeProvider.System, NullLogger<ContainerPool>.Instance))
            {
                await GuessGame.PlayAsync(pool);
            }

            running.HasExited.ShouldBeFalse();
        }
        finally
        {
            running.Kill();
        }
    }

    /// <summary>The page's files as they stand beside the worker's program, and the settings as the program reads them.</summary>
    private EnvironmentOptions Write(string settings)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "guess.py"), _page["guess.py"]);
        File.WriteAllText(Path.Combine(Folder, "environment.json"), _page[settings]);
        var configuration = new ConfigurationBuilder();
        configuration.AddEnvironmentFiles(_environments.FullName);
        var options = configuration.Build().Read<WorkerOptions>("Worker");
        WorkerOptionsCheck.Require(options);
        return options.Environments["guess"];
    }

    private static async Task<bool> ListensAsync(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
