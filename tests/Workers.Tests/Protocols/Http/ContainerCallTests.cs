using Microsoft.Extensions.Time.Testing;
using SandQueue.Workers.Protocols.Http;
using SandQueue.Workers.Tests.Pools;

namespace SandQueue.Workers.Tests.Protocols.Http;

public sealed class ContainerCallTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

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
}
