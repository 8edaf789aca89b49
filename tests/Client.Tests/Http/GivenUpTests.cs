using SandQueue.Client.Tests.Servers;
using SandQueue.Testing;

namespace SandQueue.Client.Tests.Http;

/// <summary>What becomes of commands, and of their instances, whose caller or whose client has gone.</summary>
public sealed class GivenUpTests : IDisposable
{
    private const string Made = """{"command_id":"c","instance_id":"lake","end":"completed","answer":{}}""";

    private readonly CancellationTokenSource _giveUp = new();
    private readonly List<SandQueueException> _told = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _giveUp.Dispose();

    [Fact]
    public async Task A_create_that_was_given_up_before_is_not_sent()
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Answer(201, Made));
        await _giveUp.CancelAsync();
        await using (var queue = Client(gateway)) await Should.ThrowAsync<OperationCanceledException>(() => CreateAsync(queue, new()));

        gateway.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_create_that_is_given_up_between_two_attempts_is_not_sent_again()
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Problem(503, "no_capacity", header: "Retry-After: 3"), FakeGateway.Answer(201, Made));
        await using (var queue = Client(gateway, new SkippingTime(TimeSpan.FromSeconds(5), _giveUp.Cancel))) await Should.ThrowAsync<OperationCanceledException>(() => CreateAsync(queue, new()));

        gateway.Requests.Count.ShouldBe(1);
        _told.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("mine", "lake", true, false)]
    [InlineData("mine", null, true, false)]
    [InlineData(null, "lake", true, true)]
    [InlineData(null, "lake", false, false)]
    [InlineData(null, null, true, true)]
    [InlineData(null, null, false, true)]
    public async Task What_a_create_made_that_was_given_up_is_released_where_it_can_be_nobody_elses(string? commandId, string? instanceId, bool isAnswered, bool isReleased)
    {
        await using var gateway = new FakeGateway(async (request, _) =>
        {
            if (request.Line.StartsWith("DELETE", StringComparison.Ordinal)) return FakeGateway.Answer(200, """{"command_id":"r","end":"completed","answer":true}""");
            await _giveUp.CancelAsync();
            return isAnswered ? FakeGateway.Answer(201, Made) : null;
        });
        await using (var queue = Client(gateway)) await Should.ThrowAsync<OperationCanceledException>(() => CreateAsync(queue, new() { CommandId = commandId, InstanceId = instanceId }));

        gateway.Requests.Count.ShouldBe(isReleased ? 2 : 1);
        _told.Select(failure => (failure.CommandId, failure.InstanceId, failure.End)).ShouldBe(
            isReleased ? [] : [(gateway.Requests[0].Key, instanceId ?? commandId, CommandEnd.Unknown)]);
    }

    [Fact]
    public async Task What_the_client_leaves_at_its_end_is_told()
    {
        await using var gateway = Silent();

        // The ten seconds pass at once.
        await using (var queue = Client(gateway, new SkippingTime(TimeSpan.FromSeconds(10))))
        {
            var creating = CreateAsync(queue, new() { InstanceId = "lake" });
            await Until.TrueAsync("the create was sent", () => gateway.Requests.Count == 1, TimeSpan.FromSeconds(30));
            await _giveUp.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => creating);
        }

        // The time after those ten seconds passed at once, too.
        await Until.TrueAsync("it was told", () => _told.Count == 1, TimeSpan.FromSeconds(30));
        _told[0].InstanceId.ShouldBe("lake");
    }

    [Fact]
    public async Task Calls_that_run_at_the_clients_end_say_so()
    {
        await using var gateway = Silent();
        var queue = Client(gateway);
        var stepping = queue.Attach("i").StepAsync("left", cancellationToken: Cancel);
        var many = queue.StepAsync([new("a", "left"), new("b", "left")], cancellationToken: Cancel);
        var creating = CreateAsync(queue, new() { InstanceId = "lake" });
        await Until.TrueAsync("all were sent", () => gateway.Requests.Count == 3, TimeSpan.FromSeconds(30));

        await queue.DisposeAsync();

        await Should.ThrowAsync<ObjectDisposedException>(() => stepping);
        await Should.ThrowAsync<ObjectDisposedException>(() => many);
        await Should.ThrowAsync<ObjectDisposedException>(() => creating);
        _told.Single().InstanceId.ShouldBe("lake");
    }

    [Fact]
    public async Task An_instance_that_outlives_its_client_throws_nothing_and_is_told()
    {
        await using var gateway = Silent();
        var queue = Client(gateway);
        await queue.DisposeAsync();

        await queue.Attach("lake").DisposeAsync();

        _told.Single().InstanceId.ShouldBe("lake");
    }

    [Fact]
    public async Task What_the_one_who_is_told_throws_is_dropped()
    {
        await using var gateway = FakeGateway.Answering(FakeGateway.Problem(403, "forbidden"));
        await using var queue = SandQueueClient.OverHttp(gateway.Address, options: new() { ReleaseFailed = _ => throw new InvalidOperationException("mine") });

        await queue.Attach("lake").DisposeAsync();

        gateway.Requests.Count.ShouldBe(1);
    }

    private static FakeGateway Silent() => new(async (request, _) =>
    {
        await request.Gone;
        return null;
    });

    private Task<EnvironmentInstance> CreateAsync(SandQueueClient queue, CreateOptions options) => queue.CreateAsync("frozenlake", "4x4-1", options, _giveUp.Token);

    private SandQueueHttpClient Client(FakeGateway gateway, TimeProvider? time = null) =>
        SandQueueClient.OverHttp(gateway.Address, options: new() { ReleaseFailed = _told.Add, TimeProvider = time ?? TimeProvider.System });
}
