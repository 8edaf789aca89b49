using SandQueue.Client.Tests.Servers;
using SandQueue.Testing;

namespace SandQueue.Client.Tests.Contract;

/// <summary>The client over RabbitMQ, with a farm, as a user of the broker who may publish commands and nothing else; and what it alone can do.</summary>
[Collection(typeof(OnOneFarm))]
public sealed class OverRabbitMqTests(ClientFarm farm) : ClientContract
{
    protected override async Task<int> PortAsync()
    {
        await farm.StartAsync();
        return farm.Trainer.Port;
    }

    protected override SandQueueClient Client(int port, SandQueueClientOptions? options) =>
        SandQueueClient.OverRabbitMq(new UriBuilder(farm.Trainer ?? new Uri("amqp://127.0.0.1/")) { Port = port }.Uri, options: options);

    protected override async Task<SandQueueHttpClient> ReaderAsync()
    {
        await farm.StartAsync();
        return SandQueueClient.OverHttp(farm.Gateway, ClientFarm.Key);
    }

    [Fact]
    public async Task The_ends_of_steps_that_nobody_waits_for_are_heard()
    {
        await farm.StartAsync();
        await using var queue = SandQueueClient.OverRabbitMq(farm.Listener);
        await using var instance = await queue.CreateAsync("faulty", "plain", cancellationToken: Cancel);
        await using var events = await queue.SubscribeAsync(ClientFarm.Tenant, Cancel);

        var counted = await queue.PublishAsync(new StepRequest(instance.InstanceId, "reward 0.5"), Cancel);
        var ghost = await queue.PublishAsync(new StepRequest("ghost", "count"), Cancel);

        var heard = await events.OfType<CommandResult>().Take(2).ToDictionaryAsync(end => end.CommandId, cancellationToken: Cancel);
        (heard[counted].Kind, heard[counted].InstanceId, heard[counted].AsStep().Reward).ShouldBe(("step", instance.InstanceId, 0.5));
        (heard[ghost].Failure!.Code, heard[ghost].Answer).ShouldBe((ErrorCodes.UnknownInstance, null));
    }

    [Fact]
    public async Task The_end_of_an_instance_is_heard_whoever_ended_it()
    {
        await farm.StartAsync();
        await using var reader = await ReaderAsync();
        await using var queue = SandQueueClient.OverRabbitMq(farm.Listener);
        await using var events = await queue.SubscribeAsync(ClientFarm.Tenant, Cancel);
        var instance = await reader.CreateAsync("faulty", "plain", cancellationToken: Cancel);
        await instance.StepAsync("end enough", cancellationToken: Cancel);
        await instance.ReleaseAsync(Cancel);

        var ended = await events.OfType<InstanceEnded>().FirstAsync(ended => ended.InstanceId == instance.InstanceId, Cancel);

        (ended.State, ended.EnvType, ended.TaskId, ended.Steps, ended.EndReason).ShouldBe(("released", "faulty", "plain", 1, "enough"));
    }

    [Fact]
    public async Task What_ended_while_a_subscription_was_cut_off_is_heard_afterwards()
    {
        await farm.StartAsync();
        await using var proxy = new TcpProxy(farm.Listener.Port);
        await using var cutOff = SandQueueClient.OverRabbitMq(new UriBuilder(farm.Listener) { Port = proxy.Port }.Uri);
        await using var queue = SandQueueClient.OverRabbitMq(farm.Listener);
        await using var events = await cutOff.SubscribeAsync(ClientFarm.Tenant, Cancel);
        await using var others = await queue.SubscribeAsync(ClientFarm.Tenant, Cancel);
        await using var hearingOthers = others.GetAsyncEnumerator(Cancel);
        await using var hearing = events.GetAsyncEnumerator(Cancel);

        var first = await queue.PublishAsync(new StepRequest("ghost", "count"), Cancel);
        await HearsAsync(hearing, first);
        proxy.Cut();
        var second = await queue.PublishAsync(new StepRequest("ghost", "count"), Cancel);
        var hears = HearsAsync(hearing, second);
        await HearsAsync(hearingOthers, second);
        proxy.Restore();

        await hears.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Fact]
    public async Task An_API_key_in_the_place_of_a_user_whom_the_gateways_know()
    {
        await farm.StartAsync();
        var stranger = await farm.NewUserAsync("^$", @"^sandqueue\.commands$", "^$");
        await using var queue = SandQueueClient.OverRabbitMq(stranger, ClientFarm.Key);

        await using var instance = await queue.CreateAsync("frozenlake", "4x4-1", cancellationToken: Cancel);

        instance.Messages.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Whom_the_gateways_do_not_know_gets_no_answer()
    {
        await farm.StartAsync();
        var stranger = await farm.NewUserAsync("^$", @"^sandqueue\.commands$", "^$");
        await using var queue = SandQueueClient.OverRabbitMq(stranger, "another", new() { Deadline = TimeSpan.FromSeconds(15) });

        var failure = await FailureAsync(() => queue.CreateAsync("frozenlake", "4x4-1", cancellationToken: Cancel));

        (failure.Code, failure.End).ShouldBe((ErrorCodes.UnknownEnd, CommandEnd.Unknown));
    }

    [Fact]
    public async Task What_the_broker_refuses_is_told_at_once()
    {
        await farm.StartAsync();
        await using var stranger = SandQueueClient.OverRabbitMq(new UriBuilder(farm.Trainer) { Password = "wrong" }.Uri);
        await using var elsewhere = SandQueueClient.OverRabbitMq(new Uri(farm.Trainer, "/nowhere"));
        await using var reader = SandQueueClient.OverRabbitMq(await farm.NewUserAsync("^$", "^$", "^$"));

        (await FailureAsync(() => stranger.CreateAsync("frozenlake", "4x4-1", cancellationToken: Cancel))).Code.ShouldBe(ErrorCodes.Unauthenticated);
        (await FailureAsync(() => elsewhere.CreateAsync("frozenlake", "4x4-1", cancellationToken: Cancel))).Code.ShouldBe(ErrorCodes.Forbidden);
        (await FailureAsync(() => reader.CreateAsync("frozenlake", "4x4-1", cancellationToken: Cancel))).Code.ShouldBe(ErrorCodes.Forbidden);
        (await FailureAsync(() => reader.SubscribeAsync("berta", Cancel))).Code.ShouldBe(ErrorCodes.Forbidden);
    }

    [Fact]
    public async Task A_broker_without_gateways_is_told_once_the_time_is_over()
    {
        await farm.StartAsync();
        await using var queue = SandQueueClient.OverRabbitMq(await farm.NewVirtualHostAsync(), options: new() { Deadline = TimeSpan.FromSeconds(5), TimeProvider = SkippingTime.ByPauses() });

        var failure = await FailureAsync(() => queue.CreateAsync("frozenlake", "4x4-1", cancellationToken: Cancel));

        (failure.Code, failure.End).ShouldBe((ErrorCodes.Unreachable, CommandEnd.Rejected));
        failure.Message.ShouldContain("no gateway has started there yet");
    }

    private static async Task HearsAsync(IAsyncEnumerator<SandQueueEvent> events, string commandId)
    {
        while (await events.MoveNextAsync())
        {
            if (events.Current is CommandResult ended && ended.CommandId == commandId) return;
        }
    }
}
