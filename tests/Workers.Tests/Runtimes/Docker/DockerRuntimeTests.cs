using System.Text;
using Docker.DotNet.Models;
using SandQueue.Testing.Docker;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

public sealed class DockerRuntimeTests(DockerEngineFixture fixture) : DockerTest(fixture)
{
    private static readonly TimeSpan LongestAttemptTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_container_serves_its_environment_over_its_socket()
    {
        var container = await StartAsync(NewRuntime(), new EnvironmentOptions());

        var description = await Protocol.DescribeAsync(container, "frozenlake", Cancel);
        var instance = await Protocol.CreateAsync(container, new NewInstance("frozenlake", "4x4-1", "one", default), Cancel);

        Encoding.UTF8.GetString(description.Span).ShouldContain("\"frozenlake\"");
        Encoding.UTF8.GetString(instance.Opening.Span).ShouldContain("\"state\"");
        await instance.ReleaseAsync(Cancel);
    }

    [Fact]
    public async Task It_carries_whose_it_is_and_the_digest_of_its_image()
    {
        var worker = new WorkerIdentity();
        var container = await StartAsync(NewRuntime(worker: worker), new EnvironmentOptions());

        var seen = (await ContainersAsync()).ShouldHaveSingleItem();

        seen.Labels.ShouldBe(
            new Dictionary<string, string> { ["sandqueue.farm"] = Farm, ["sandqueue.worker"] = worker.Process, ["sandqueue.environment"] = "frozenlake" },
            ignoreOrder: true);
        seen.Names.ShouldBe([$"/{container.Id}"]);
        container.Id.ShouldStartWith("sandqueue-frozenlake-");
        container.ImageDigest.ShouldBe((await Engine.Images.InspectImageAsync(Image, Cancel)).ID);
    }

    [Fact]
    public async Task Its_end_is_noticed()
    {
        var container = await StartAsync(NewRuntime(), new EnvironmentOptions());
        var exited = ExitAsync(container);

        await Engine.Containers.KillContainerAsync(container.Id, new ContainerKillParameters(), Cancel);

        await exited;
    }

    [Fact]
    public async Task A_server_can_end_itself_as_any_process_can()
    {
        // As process 1 of its container it could not: the kernel keeps that one from its own signals.
        var container = await StartAsync(NewRuntime(), new EnvironmentOptions(), "faulty");
        var instance = await Protocol.CreateAsync(container, new NewInstance("faulty", "plain", "one", default), Cancel);
        var exited = ExitAsync(container);

        await Should.ThrowAsync<EnvironmentFailedException>(instance.StepAsync(Say("crash"), default, Cancel).WaitAsync(LongestAttemptTimeout, Cancel));

        await exited;
    }

    [Fact]
    public async Task What_asks_for_too_much_memory_is_ended_and_its_last_line_says_so()
    {
        var options = new EnvironmentOptions
        {
            Image = await ImportAsync(),
            MemoryMb = 32,
            Arguments = { "sh", "-c", "/bin/busybox echo working; /bin/busybox dd if=/dev/zero of=/tmp/full bs=1M count=60 && /bin/busybox echo done" },
        };
        var container = await StartOnlyAsync(NewRuntime(), options, "foreign");
        await ExitAsync(container);

        container.LastOutput.ShouldContain("working");
        container.LastOutput.ShouldNotContain("done");
        container.LastOutput.ShouldEndWith("(the kernel ended it: it asked for more memory than its 32 MB)");
    }

    [Fact]
    public async Task Its_memory_is_measured()
    {
        var container = await StartAsync(NewRuntime(), new EnvironmentOptions(), "faulty");
        var before = await container.MeasureMemoryAsync(Cancel);
        var instance = await Protocol.CreateAsync(container, new NewInstance("faulty", "plain", "one", default), Cancel);
        await instance.StepAsync(Say("eat 64MB"), default, Cancel);

        var after = await container.MeasureMemoryAsync(Cancel);

        before!.Value.ShouldBeInRange(1 << 20, 60 << 20);
        (after!.Value - before.Value).ShouldBeInRange(60 << 20, 100 << 20);
    }

    [Fact]
    public async Task Its_last_lines_are_kept_and_a_container_that_prints_without_end_costs_no_more()
    {
        var image = await ImportAsync();
        var options = new EnvironmentOptions { Image = image, Arguments = { "sh", "-c", "/bin/busybox seq 1 300000; /bin/busybox echo -n last; exit 3" } };
        var container = await StartOnlyAsync(NewRuntime(), options, "prints");
        await ExitAsync(container);

        var lines = container.LastOutput.Split('\n');

        lines.Length.ShouldBe(20);
        lines[^1].ShouldBe("last");
        lines[^2].ShouldBe("300000");
    }

    [Fact]
    public async Task A_start_given_up_leaves_nothing()
    {
        var runtime = NewRuntime();
        foreach (var milliseconds in new[] { 0, 5, 20, 60, 150, 300 })
        {
            using var attemptTimeout = new CancellationTokenSource(TimeSpan.FromMilliseconds(milliseconds));
            try
            {
                await (await runtime.StartAsync("frozenlake", new EnvironmentOptions(), attemptTimeout.Token)).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                // Given up at some point of the start.
            }

            (await ContainersAsync()).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Data_and_mounts_are_there_to_be_read_only()
    {
        // Not a temporary folder as the library makes them: the container's user has to see into it.
        var data = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"sq-{Guid.NewGuid():n}"));
        await File.WriteAllTextAsync(Path.Combine(data.FullName, "tasks"), "tasks of the data", Cancel);
        var options = new EnvironmentOptions { Data = data.FullName, Mounts = { ToolboxMount() }, Variables = { ["NAMED"] = "value" } };

        var container = await StartAsync(NewRuntime(), options);

        (await InsideAsync(container.Id, "$b cat $SANDQUEUE_FROZENLAKE_DATA/tasks; $b echo; $b echo $NAMED; $b touch $SANDQUEUE_FROZENLAKE_DATA/new"))
            .ShouldBe("tasks of the data\nvalue\ntouch: /data/new: Read-only file system");
        data.Delete(recursive: true);
    }

    private static ReadOnlyMemory<byte> Say(string action) => Encoding.UTF8.GetBytes($$"""{"role":"assistant","content":"{{action}}"}""");

    private static async Task ExitAsync(IContainer container)
    {
        var exited = new TaskCompletionSource();
        await using var registration = container.Exited.Register(exited.SetResult);
        await exited.Task.WaitAsync(LongestAttemptTimeout, Cancel);
    }
}
