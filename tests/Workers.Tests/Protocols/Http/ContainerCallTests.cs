using Microsoft.Extensions.Time.Testing;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Protocols.Http;
using SandQueue.Workers.Tests.Pools;

namespace SandQueue.Workers.Tests.Protocols.Http;

public sealed class ContainerCallTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

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
        using var server = new EndedServer();
        await using var container = server.NewContainer();
        var failure = await LookedAtAsync(container, server);
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromSeconds(3); passed += Tick) await TickAsync();
        failure.IsCompleted.ShouldBeFalse();

        container.Exit();

        var exited = await failure.WaitAsync(Limit, Cancel);
        exited.Message.ShouldBe("the environment's container exited; the worker's log has what it printed last");
    }

    [Fact]
    public async Task A_server_that_has_ended_in_a_container_that_runs_on_is_unusable()
    {
        using var server = new EndedServer();
        await using var container = server.NewContainer();
        var failure = await LookedAtAsync(container, server);

        await Until.TrueAsync("it is told", async () =>
        {
            await TickAsync();
            return failure.IsCompleted;
        }, Limit);

        var gone = (await failure.WaitAsync(Limit, Cancel)).ShouldBeOfType<EnvironmentGoneException>();
        gone.Message.ShouldBe("the environment's server takes no connections any more, and its container runs on: it broke");
        gone.LeavesServerUnusable.ShouldBeTrue();
    }

    /// <summary>The failure of a call, once it was looked whether anybody listens: that look has a limit of this clock, so it stands still meanwhile.</summary>
    private async Task<Task<EnvironmentFailedException>> LookedAtAsync(FakeContainer container, EndedServer server)
    {
        var failure = new ContainerCall(_time).FailureAsync(container, new IOException("it broke"));
        _time.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync("it was looked", () => server.Looks == 1, Limit);
        return failure;
    }

    /// <summary>What waits for the clock between two ticks gets to wait first.</summary>
    private async Task TickAsync()
    {
        _time.Advance(Tick);
        await Task.Yield();
    }

    /// <summary>Takes no connections.</summary>
    private sealed class EndedServer : HttpMessageHandler
    {
        private int _looks;

        public int Looks => Volatile.Read(ref _looks);

        public FakeContainer NewContainer() => new(1) { Http = new HttpClient(this, disposeHandler: false) { BaseAddress = new Uri("http://environment") } };

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _looks);
            return Task.FromException<HttpResponseMessage>(new HttpRequestException(HttpRequestError.ConnectionError));
        }
    }
}
