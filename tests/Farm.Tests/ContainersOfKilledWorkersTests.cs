using Docker.DotNet;
using Docker.DotNet.Models;
using SandQueue.Farm.Tests;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;
using SandQueue.Testing.Docker;

[assembly: AssemblyFixture(typeof(DockerEngineFixture))]

namespace SandQueue.Farm.Tests;

/// <summary>A worker that ends by SIGKILL cannot end its containers. Others do.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class ContainersOfKilledWorkersTests(RabbitMqServer rabbit, PostgresServer postgres, DockerEngineFixture docker) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _name = $"test-{Guid.NewGuid():n}";
    private readonly DirectoryInfo _sockets = Directory.CreateDirectory($"/dev/shm/sq-{Guid.NewGuid().ToString("n")[..8]}");
    private DockerClient _engine = null!;
    private TestFarm? _farm;

    public async ValueTask InitializeAsync()
    {
        _engine = await docker.RequireAsync();
        _farm = await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string>
        {
            ["Worker:Runtime"] = "docker",
            ["Worker:Lease"] = "00:00:06",
            ["Worker:SweepEvery"] = "00:00:04",
            ["DockerRuntime:Host"] = docker.Address.ToString(),
            ["DockerRuntime:Farm"] = _name,
            ["DockerRuntime:Image"] = await EnvironmentImage.RequireAsync(_engine, TestContext.Current.CancellationToken),
            ["DockerRuntime:SocketFolder"] = _sockets.FullName,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_farm is not null) await _farm.DisposeAsync();

        // The last worker of a test is killed too, and nobody is left to look after it.
        if (_engine is not null)
        {
            foreach (var container in await ContainersAsync()) await _engine.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true });
        }

        await Mounts.RemoveBelowAsync(_sockets.FullName);
        _sockets.Delete(recursive: true);
    }

    [Fact]
    public async Task The_sweep_of_another_worker_removes_them_and_their_instances_go_on()
    {
        WorkerProgram[] workers = [_farm!.StartWorker(), _farm.StartWorker()];
        await _farm.AreWorkersAsync(2);
        var gateway = await _farm.StartGatewayAsync();
        _ = (await gateway.CreateAsync("kept", Walk.Task)).Good;
        await Walk.StepAsync(gateway, "kept", 1);
        var owner = await _farm.Database.OwnerAsync("kept");
        await Until.TrueAsync("both say who they are", () => Task.FromResult(workers.All(worker => worker.Process is not null)), Limit);
        var killed = workers.Single(worker => worker.Is(owner));
        var survivor = workers.Single(worker => worker != killed);
        (await OfAsync(killed)).ShouldBe(1);

        await killed.Program.KillAsync();
        var second = await Walk.PersistAsync([gateway], asked => asked.StepAsync("kept", "up", "kept-2"));
        await Until.TrueAsync("the sweep removes what the killed worker left", async () => await OfAsync(killed) == 0, Limit, () => survivor.Program.LastOutput);

        (await OfAsync(survivor)).ShouldBe(1);
        await Until.TrueAsync("its socket folder goes after them", () => Task.FromResult(_sockets.GetDirectories().Length == 1), Limit);
        second.Good.GetProperty("info").GetProperty("step").GetInt32().ShouldBe(2);
        await Walk.StepAsync(gateway, "kept", 3);
    }

    [Fact]
    public async Task A_worker_that_starts_after_their_lease_removes_them_before_it_serves()
    {
        var killed = _farm!.StartWorker(("Worker:SweepEvery", "01:00:00"));
        await _farm.AreWorkersAsync(1);
        await Until.TrueAsync("it says who it is", () => Task.FromResult(killed.Process is not null), Limit);
        await killed.Program.KillAsync();
        (await OfAsync(killed)).ShouldBe(1);
        await _farm.AreWorkersAsync(0);

        var next = _farm.StartWorker(("Worker:SweepEvery", "01:00:00"));
        await Until.TrueAsync("it serves", () => Task.FromResult(next.Process is not null), Limit, () => next.Program.LastOutput);

        (await OfAsync(killed)).ShouldBe(0);
        (await OfAsync(next)).ShouldBe(1);
        next.Program.Output.ShouldContain(line => line.EndsWith("1 containers that dead workers left behind were removed", StringComparison.Ordinal));
    }

    /// <summary>How many containers there are of a worker, stopped ones too.</summary>
    private async Task<int> OfAsync(WorkerProgram worker) => (await ContainersAsync()).Count(container => container.Labels["sandqueue.worker"] == worker.Process);

    private Task<IList<ContainerListResponse>> ContainersAsync() => _engine.Containers.ListContainersAsync(
        new ContainersListParameters
        {
            All = true,
            Filters = new Dictionary<string, IDictionary<string, bool>> { ["label"] = new Dictionary<string, bool> { [$"sandqueue.farm={_name}"] = true } },
        });
}
