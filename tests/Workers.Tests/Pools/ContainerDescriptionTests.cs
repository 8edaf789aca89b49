using SandQueue.Storage.Model;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Pools;

/// <summary>What a pool says of its containers to people.</summary>
public sealed class ContainerDescriptionTests : PoolTest
{
    [Fact]
    public async Task Each_says_what_it_runs_what_its_pool_does_with_it_and_what_it_holds()
    {
        var pool = NewPool(new EnvironmentOptions { Image = "an/image:1", InstancesPerContainer = 2, MaxContainers = 2 });
        var slots = await AcquireAsync(pool, 3);
        slots[1].Dispose();
        var isolated = await SoonAsync(pool.StartIsolatedAsync(Cancel));

        var described = pool.Describe();

        described.ShouldAllBe(container => container.Environment == "test" && container.Runs == "an/image:1" && container.StartedAt == Time.GetUtcNow().ToUnixTimeMilliseconds());
        described.Select(container => container.Id).ShouldBe(["container-1", "container-2", "container-3"], ignoreOrder: true);
        described.Sum(container => container.Instances).ShouldBe(3);
        described.Sum(container => container.Served).ShouldBe(4);
        described.Single(container => container.Id == isolated.Container.Id).State.ShouldBe(ContainerState.Isolated);
        described.Count(container => container.State == ContainerState.Running).ShouldBe(2);

        isolated.Dispose();
        var retired = slots[0].Container.Id;
        pool.MarkDue(pool.Snapshot().Single(container => container.Container.Id == retired), "a test says so");
        pool.Describe().Single(container => container.Id == retired).State.ShouldBe(ContainerState.Retiring);
    }

    [Theory]
    [InlineData(new string[0], "", "", "the built-in server")]
    [InlineData(new[] { "python3", "server.py", "--token", "secret" }, "", "", "python3 server.py")]
    [InlineData(new[] { "./server", "secret" }, "", "", "./server")]
    [InlineData(new[] { "run", "--key=secret.txt" }, "", "", "run")]
    [InlineData(new[] { "run", "https://user:secret@host/a.py" }, "", "", "run")]
    [InlineData(new string[0], "http://127.0.0.1:8000", "", "http://127.0.0.1:8000")]
    [InlineData(new string[0], "", "mine.dll", "mine.dll")]
    public void What_a_server_runs_is_shown_without_arguments_that_may_be_secrets(string[] command, string address, string assembly, string shown) =>
        new EnvironmentOptions { Command = [.. command], Address = address, Assembly = assembly }.Runs.ShouldBe(shown);
}
