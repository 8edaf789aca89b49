using System.Diagnostics;
using System.Net;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;
using SandQueue.Testing.Docker;
using SandQueue.Testing.Farm;

namespace SandQueue.Farm.Tests;

/// <summary>The folder of a dead worker's sockets that nobody can delete: something is mounted deep in it. It keeps no program from starting.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class FoldersThatStayTests(RabbitMqServer rabbit, PostgresServer postgres, DockerEngineFixture docker) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _name = $"test-{Guid.NewGuid():n}";
    private readonly DirectoryInfo _sockets = Directory.CreateDirectory($"/dev/shm/sq-{Guid.NewGuid().ToString("n")[..8]}");
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("sqf-");
    private Dictionary<string, string> _settings = [];
    private DockerClient? _engine;

    private string Stays => Path.Combine(_sockets.FullName, "deadbeef");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a file system needs root");
        _engine = await docker.RequireAsync();
        _settings = new Dictionary<string, string>
        {
            ["Worker:Runtime"] = "docker",
            ["Worker:SweepEvery"] = "01:00:00",
            ["DockerRuntime:Host"] = docker.Address.ToString(),
            ["DockerRuntime:Farm"] = _name,
            ["DockerRuntime:Image"] = await EnvironmentImage.RequireAsync(_engine, TestContext.Current.CancellationToken),
            ["DockerRuntime:SocketFolder"] = _sockets.FullName,
        };
        var mounted = Directory.CreateDirectory(Path.Combine(Stays, "container", "deep"));
        await File.WriteAllTextAsync(Path.Combine(Stays, "owner"), $"{_name}\ndead", TestContext.Current.CancellationToken);
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=64k", "sandqueue", mounted.FullName);
    }

    public async ValueTask DisposeAsync()
    {
        // Of a program that had to be killed.
        if (_engine is not null)
        {
            var filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"sandqueue.farm={_name}"] = true } };
            foreach (var container in await _engine.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = filters }))
            {
                await _engine.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true });
            }
        }

        await Mounts.RemoveBelowAsync(_sockets.FullName);
        _sockets.Delete(recursive: true);
        _temporary.Delete(recursive: true);
    }

    [Fact]
    public async Task A_worker_starts_says_so_in_one_line_and_serves()
    {
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, _settings);
        var worker = farm.StartWorker();
        var gateway = await farm.StartGatewayAsync();

        await Until.TrueAsync("it serves", () => worker.Process is not null, Limit, () => worker.Program.LastOutput);

        // The gateway looks at the fleet every two seconds.
        _ = (await Walk.PersistAsync([gateway], some => some.CreateAsync("mine", Walk.Task))).Good;
        await Walk.StepAsync(gateway, "mine", 1);
        await SaysSoOnceAndEndsAsync(worker.Program);
    }

    [Fact]
    public async Task The_embedded_program_does_too()
    {
        var address = $"127.0.0.1:{FreePort.Take()}";
        await using var program = FarmProgram.Start(
            "Gateway",
            new Dictionary<string, string>(_settings)
            {
                ["Gateway:Listen"] = address,
                ["Gateway:DataFolder"] = Path.Combine(_temporary.FullName, "data"),
                ["Worker:Environments:bfcl:Enabled"] = "false",
                ["Worker:Environments:countdown:Enabled"] = "false",
                ["Worker:Environments:webshop:Enabled"] = "false",
            },
            _temporary.FullName);
        using var http = new HttpClient { BaseAddress = new Uri($"http://{address}") };

        await Until.TrueAsync("it serves", () => ServesAsync(http), Limit, () => program.LastOutput);

        await SaysSoOnceAndEndsAsync(program);
    }

    private static async Task<bool> ServesAsync(HttpClient http)
    {
        try
        {
            using var asked = new StringContent("""{"env_type":"frozenlake","task_id":"4x4-1"}""", Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(new Uri("/create", UriKind.Relative), asked, TestContext.Current.CancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        process.ExitCode.ShouldBe(0);
    }

    private async Task SaysSoOnceAndEndsAsync(FarmProgram program)
    {
        await program.SignalAsync("TERM");
        (await program.ExitCodeAsync(Limit)).ShouldBe(0, program.LastOutput);

        var line = program.Output.Where(printed => printed.Contains(Stays, StringComparison.Ordinal)).ShouldHaveSingleItem();
        line.ShouldContain($"{Stays}, left behind by worker dead, could not be removed; the next sweep tries again: ");
        program.Output.ShouldAllBe(printed => !printed.Contains("   at ", StringComparison.Ordinal), program.LastOutput);
        Directory.GetDirectories(_sockets.FullName).ShouldBe([Stays]);
    }
}
