using Docker.DotNet.Models;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>What a killed worker leaves behind. Its runtime is disposed while its containers run: it leaves them, and nothing else knows of them.</summary>
public sealed class LeftoversTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    [Fact]
    public async Task Of_a_dead_worker_everything_is_removed_and_of_a_living_one_nothing()
    {
        var (dead, living, own) = (new WorkerIdentity(), new WorkerIdentity(), new WorkerIdentity());
        var lost = NewRuntime(worker: dead);
        await lost.StartAsync("frozenlake", new EnvironmentOptions(), Cancel);
        await lost.StartAsync("foreign", await TcpAsync(), Cancel);
        var stopped = await lost.StartAsync("frozenlake", new EnvironmentOptions(), Cancel);
        await Engine.Containers.KillContainerAsync(stopped.Id, new ContainerKillParameters(), Cancel);
        lost.Dispose();
        var kept = await StartAsync(NewRuntime(worker: living), new EnvironmentOptions());
        var runtime = NewRuntime(worker: own);
        var mine = await StartAsync(runtime, new EnvironmentOptions());

        var removed = await runtime.RemoveLeftoversAsync((worker, _) => Task.FromResult(worker == living.Process), Cancel);

        removed.ShouldBe(3);
        (await ContainersAsync()).Select(container => container.Names[0]).ShouldBe([$"/{kept.Id}", $"/{mine.Id}"], ignoreOrder: true);
        (await NetworksAsync()).ShouldBeEmpty();
        Directory.GetDirectories(SocketFolder).Length.ShouldBe(2);
        await Protocol.WaitUntilReadyAsync(kept, Cancel);
        await Protocol.WaitUntilReadyAsync(mine, Cancel);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(0)]
    public async Task A_folder_that_no_path_reaches_keeps_nothing_else_and_is_removed_too(int limitKb)
    {
        var lost = NewRuntime(Settings(limitKb));
        var deep = await lost.StartAsync("frozenlake", new EnvironmentOptions { Mounts = { ToolboxMount() } }, Cancel);
        await Protocol.WaitUntilReadyAsync(deep, Cancel);
        await InsideAsync(deep.Id, "cd /run/sandqueue; n=$($b printf '%0200d' 0); i=0; while [ $i -lt 40 ]; do $b mkdir $n && cd $n; i=$((i+1)); done");
        await lost.StartAsync("frozenlake", new EnvironmentOptions(), Cancel);
        lost.Dispose();

        (await NewRuntime().RemoveLeftoversAsync((_, _) => Task.FromResult(false), Cancel)).ShouldBe(2);

        Directory.GetFileSystemEntries(SocketFolder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_this_worker_what_it_does_not_know_is_removed()
    {
        var worker = new WorkerIdentity();
        var lost = NewRuntime(worker: worker);
        await lost.StartAsync("frozenlake", new EnvironmentOptions(), Cancel);
        lost.Dispose();

        (await NewRuntime(worker: worker).RemoveLeftoversAsync((_, _) => Task.FromResult(true), Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task The_folder_of_a_container_that_is_being_started_stays_though_its_worker_is_not_known_as_living()
    {
        var other = NewRuntime();
        var time = new InterruptedTime(
            () => Directory.GetDirectories(SocketFolder, "*", SearchOption.AllDirectories).Length == 2,
            () => other.RemoveLeftoversAsync((_, _) => Task.FromResult(false), Cancel));

        await StartAsync(NewRuntime(time: time), new EnvironmentOptions());

        time.HasHappened.ShouldBeTrue("it is to happen between the folder and the container that mounts it");
    }

    [Fact]
    public async Task Another_farms_containers_are_not_touched()
    {
        var container = await StartAsync(NewRuntime(), new EnvironmentOptions());
        var other = NewRuntime(new DockerRuntimeOptions { Host = Settings().Host, Farm = $"{Farm}-other", Image = Image, SocketFolder = SocketFolder });

        (await other.RemoveLeftoversAsync((_, _) => Task.FromResult(false), Cancel)).ShouldBe(0);

        await Protocol.WaitUntilReadyAsync(container, Cancel);
    }

    [Fact]
    public async Task Workers_that_look_at_the_same_time_remove_each_once()
    {
        var lost = NewRuntime();
        for (var count = 0; count < 4; count++) await lost.StartAsync("frozenlake", new EnvironmentOptions(), Cancel);
        lost.Dispose();
        var workers = Enumerable.Range(0, 3).Select(_ => NewRuntime()).ToList();

        await Task.WhenAll(workers.Select(worker => worker.RemoveLeftoversAsync((_, _) => Task.FromResult(false), Cancel)));

        (await ContainersAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_an_engine_it_says_so()
    {
        var failure = await Should.ThrowAsync<ContainerException>(
            NewRuntime(Settings(host: "unix:///no/such.sock")).RemoveLeftoversAsync((_, _) => Task.FromResult(false), Cancel));

        failure.Message.ShouldContain("there is no Docker engine at unix:///no/such.sock");
    }

    private async Task<EnvironmentOptions> TcpAsync() => new() { Image = await ImportAsync(["""CMD ["sleep", "600"]"""]), Port = 8080 };
}
