using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols;
using SandQueue.Workers.Tests.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Protocols.AppWorld.Checkpoints;

/// <summary>A world saved in one real container and restored in another.</summary>
public sealed class WorldsInContainersTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    private const int Port = 8000;

    private readonly DirectoryInfo _datasets = AppWorldDatasets.Create();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _datasets.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_one_container_put_down_another_takes_up()
    {
        var server = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "appworld_server.py"), Cancel);
        var options = new EnvironmentOptions
        {
            Protocol = "appworld",
            Image = await ImportAsync(["ENTRYPOINT [\"/usr/bin/python3\"]"], ("server.py", server)),
            Port = Port,
            Arguments = ["/server.py", $"{Port}", "/experiments/outputs", "open"],
            Mounts = HostPython.RequireMounts(),
            CheckpointEvery = 1,
            AppWorld = new AppWorldOptions { Datasets = _datasets.FullName },
            Relaxations = new RelaxationOptions { User = "0", WritableRoot = true },
        };
        var protocol = new EnvironmentProtocols(TimeProvider.System).Create("world", options);
        var first = await CreateAsync(protocol, options);
        await first.RunAsync("token = apis.notes.login()['access_token']\napis.notes.add(text='one', access_token=token)");
        var saved = await first.SaveAsync(Cancel);
        saved.State.ShouldNotBeNull(saved.WhyNot);
        var second = await CreateAsync(protocol, options);

        (await second.LoadAsync(saved.State, Cancel)).ShouldBeNull();

        (await second.RunAsync("print(apis.notes.show()[0]['by'] == token, random.random())")).ShouldBe(await first.RunAsync("print(True, random.random())"));
    }

    private async Task<ICheckpointedInstance> CreateAsync(IEnvironmentProtocol protocol, EnvironmentOptions options)
    {
        var container = await StartOnlyAsync(NewRuntime(), options, "world");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel, container.Exited);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await protocol.WaitUntilReadyAsync(container, limit.Token);
        return (ICheckpointedInstance)await protocol.CreateAsync(container, new NewInstance("world", "1", "e1", default), Cancel);
    }
}
