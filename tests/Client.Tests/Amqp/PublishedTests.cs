using System.Text;
using SandQueue.Client.Tests.Servers;
using SandQueue.Testing;

namespace SandQueue.Client.Tests.Amqp;

/// <summary>What the client publishes, and what it does where the broker or a gateway does not do its part.</summary>
public sealed class PublishedTests(RabbitMqServer rabbit) : IAsyncLifetime
{
    private const string Completed = """{"command_id":"c","command":"step","instance_id":"i","end":"completed","answer":{"state":[{"role":"user","content":"seen"}],"reward":0.5,"is_terminated":false,"info":{"step":1}}}""";

    private Uri? _broker;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(await rabbit.StartAsync(), rabbit.Missing ?? "");
        _broker = await rabbit.NewVirtualHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_broker is not null) await rabbit.DeleteVirtualHostAsync(_broker);
    }

    [Fact]
    public async Task Every_message_is_one_of_the_contracts()
    {
        await using var gateway = await GatewayAsync((command, _) => $$"""{"command_id":"c","end":"rejected","reason":"invalid_request","detail":"{{command.Kind}}"}""");
        await using var queue = SandQueueClient.OverRabbitMq(_broker!, "the key");
        await using var unnamed = SandQueueClient.OverRabbitMq(_broker!);

        (await FailureAsync(() => queue.ListTasksAsync("e", "val", cancellationToken: Cancel).ToListAsync(Cancel).AsTask())).Message.ShouldBe("invalid_request: profile");
        (await FailureAsync(() => queue.CreateAsync("e", "t", new() { Params = new() { ["seed"] = 7 } }, Cancel))).Message.ShouldBe("invalid_request: create");
        (await FailureAsync(() => queue.Attach("i").StepAsync("left", new() { Number = 3, Params = [] }, Cancel))).Message.ShouldBe("invalid_request: step");
        (await FailureAsync(() => queue.Attach("i").EvaluateAsync(new() { Params = new() { ["sparse"] = true } }, Cancel))).Message.ShouldBe("invalid_request: evaluate");
        (await FailureAsync(() => queue.Attach("i").GetInfoAsync(Cancel))).Message.ShouldBe("invalid_request: get_info");
        (await FailureAsync(() => unnamed.Attach("i").ReleaseAsync(Cancel))).Message.ShouldBe("invalid_request: release");

        gateway.Taken.SkipLast(1).ShouldAllBe(command => Encoding.UTF8.GetString((byte[])command.Properties.Headers!["x-api-key"]!) == "the key" && !command.Properties.IsUserIdPresent());
        gateway.Taken.Where(command => command.Kind is not ("profile" or "get_info")).ShouldAllBe(command => Guid.Parse(command.Properties.MessageId!).Version == 7);
        gateway.Taken[^1].Properties.UserId.ShouldBe(_broker!.UserInfo.Split(':')[0]);
    }

    [Fact]
    public async Task What_is_no_reply_of_ours_is_asked_for_three_times_and_is_no_reward()
    {
        await using var gateway = await GatewayAsync((_, number) => number == 1 ? "no JSON" : """{"command_id":"c"}""");
        await using var queue = SandQueueClient.OverRabbitMq(_broker!);

        var failure = await FailureAsync(() => queue.Attach("i").StepAsync("left", cancellationToken: Cancel));

        (failure.Code, failure.End).ShouldBe((ErrorCodes.MalformedAnswer, CommandEnd.Unknown));
        gateway.Taken.Select(command => command.Properties.MessageId).Distinct().Count().ShouldBe(1);
        gateway.Taken.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_message_without_a_reply_is_published_again_and_a_reply_of_an_earlier_attempt_is_none_of_this()
    {
        await using var gateway = await GatewayAsync((_, number) => number switch
        {
            1 => null,
            2 => """{"command_id":"c","command":"step","instance_id":"i","end":"unknown","reason":"unknown","detail":"d","reward":null,"valid":false}""",
            _ => Completed,
        });
        await using var queue = SandQueueClient.OverRabbitMq(_broker!, options: new() { AttemptTimeout = TimeSpan.FromSeconds(1) });

        (await queue.Attach("i").StepAsync("left", cancellationToken: Cancel)).Reward.ShouldBe(0.5);

        gateway.Taken.Select(command => command.Properties.MessageId).Distinct().Count().ShouldBe(1);
        gateway.Taken.Count.ShouldBeGreaterThanOrEqualTo(3);
        gateway.Taken.Select(command => command.Properties.CorrelationId).Distinct().Count().ShouldBe(gateway.Taken.Count);
        gateway.Taken[0].Properties.Expiration.ShouldBe("900");
    }

    [Fact]
    public async Task What_the_broker_can_give_to_nobody_was_not_sent()
    {
        await using var gateway = await FakeAmqpGateway.OpenAsync(_broker!, (_, _) => null, arguments: null);
        await using var queue = SandQueueClient.OverRabbitMq(_broker!, options: new() { Deadline = TimeSpan.FromSeconds(5), TimeProvider = SkippingTime.ByPauses() });

        var failure = await FailureAsync(() => queue.Attach("i").StepAsync("left", cancellationToken: Cancel));

        (failure.Code, failure.End).ShouldBe((ErrorCodes.Unreachable, CommandEnd.Rejected));
        failure.Message.ShouldContain("no gateway has bound its queue");
    }

    [Fact]
    public async Task What_the_broker_does_not_take_is_published_again_until_the_time_is_over()
    {
        await using var gateway = await FakeAmqpGateway.OpenAsync(_broker!, (_, _) => null, new() { ["x-max-length"] = 0, ["x-overflow"] = "reject-publish" });
        await using var queue = SandQueueClient.OverRabbitMq(_broker!, options: new() { Deadline = TimeSpan.FromSeconds(5), TimeProvider = SkippingTime.ByPauses() });

        var failure = await FailureAsync(() => queue.Attach("i").StepAsync("left", cancellationToken: Cancel));

        (failure.Code, failure.End, failure.IsRetryable).ShouldBe((ErrorCodes.UnknownEnd, CommandEnd.Unknown, true));
        failure.Message.ShouldContain("did not take the message");
    }

    [Fact]
    public async Task What_nobody_waits_for_asks_for_no_reply_and_has_no_time_of_its_own()
    {
        await using var gateway = await GatewayAsync((_, _) => null);
        await using var queue = SandQueueClient.OverRabbitMq(_broker!);

        var id = await queue.PublishAsync(new StepRequest("i", "left") { CommandId = "mine" }, Cancel);

        await Until.TrueAsync("it was taken", () => gateway.Taken.Count == 1, TimeSpan.FromSeconds(30));
        var properties = gateway.Taken[0].Properties;
        (id, properties.MessageId, properties.IsReplyToPresent(), properties.IsExpirationPresent(), properties.Persistent).ShouldBe(("mine", "mine", false, false, true));
    }

    private Task<FakeAmqpGateway> GatewayAsync(Func<FakeCommand, int, string?> reply) => FakeAmqpGateway.OpenAsync(_broker!, reply, []);

    private static async Task<SandQueueException> FailureAsync(Func<Task> run) => await Should.ThrowAsync<SandQueueException>(run);
}
