using Microsoft.Extensions.Time.Testing;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Protocols.Http;
using SandQueue.Workers.Runtimes;
using SandQueue.Workers.Tests.Pools;

namespace SandQueue.Workers.Tests.Protocols.Http;

public sealed class ContainerCallTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);
    private static readonly string NoSocket = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.sock");

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_broken_connection_is_a_failure_once_its_container_had_a_second_to_exit()
    {
        await using var container = new FakeContainer(1);
        var failure = new ContainerCall(_time).FailureAsync(container, new IOException("it broke"));
        _time.Advance(TimeSpan.FromSeconds(0.9));
        failure.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromSeconds(0.1));

        (await failure.WaitAsync(Limit, Cancel)).Message.ShouldBe("the environment's container did not answer: it broke");
    }

    [Fact]
    public async Task The_exit_of_its_container_is_what_it_says()
    {
        await using var container = new FakeContainer(1);
        var failure = new ContainerCall(_time).FailureAsync(container, new IOException("it broke"));

        container.Exit();

        (await failure.WaitAsync(Limit, Cancel)).Message.ShouldBe("the environment's container exited; the worker's log has what it printed last");
    }

    [Fact]
    public async Task A_server_that_takes_no_connections_has_ended_even_where_the_engine_tells_it_late()
    {
        await using var container = new FakeContainer(1) { Http = EnvironmentHttp.OverSocket(NoSocket) };
        var failure = new ContainerCall(_time).FailureAsync(container, new IOException("it broke"));
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(3); passed += Tick) await TickAsync();
        failure.IsCompleted.ShouldBeFalse();

        container.Exit();

        var exited = await failure.WaitAsync(Limit, Cancel);
        exited.Message.ShouldBe("the environment's container exited; the worker's log has what it printed last");
    }

    [Fact]
    public async Task A_server_that_has_ended_in_a_container_that_runs_on_is_unusable()
    {
        await using var container = new FakeContainer(1) { Http = EnvironmentHttp.OverSocket(NoSocket) };
        var failure = new ContainerCall(_time).FailureAsync(container, new IOException("it broke"));

        await Until.TrueAsync("it is told", async () =>
        {
            await TickAsync();
            return failure.IsCompleted;
        }, Limit);

        var gone = (await failure.WaitAsync(Limit, Cancel)).ShouldBeOfType<EnvironmentGoneException>();
        gone.Message.ShouldBe("the environment's server takes no connections any more, and its container runs on: it broke");
        gone.LeavesServerUnusable.ShouldBeTrue();
    }

    /// <summary>What waits for the clock between two ticks gets to wait first.</summary>
    private async Task TickAsync()
    {
        _time.Advance(Tick);
        await Task.Yield();
    }
}
