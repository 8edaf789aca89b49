using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp;
using SandQueue.Gateway.Amqp.Sharing;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tests.Security;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.Amqp;

public sealed class AmqpExecutionTests
{
    private readonly ICommandRouter _router = Substitute.For<ICommandRouter>();
    private readonly IChannel _channel = Substitute.For<IChannel>();
    private readonly TenantShares _shares = new(most: 3, share: 2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public AmqpExecutionTests() => Answer(new CommandOutcome.Completed([], new CommandTiming(0, 0, 0)));

    [Theory]
    [InlineData("amq.rabbitmq.reply-to.g1h2AA5")]
    [InlineData("amq.gen-JzTY20BRgKO")]
    [InlineData("anna.replies")]
    public async Task A_reply_goes_where_nobody_but_its_tenant_listens(string queue)
    {
        (await ExecuteAsync("key-of-anna", queue)).ShouldBeTrue();

        Published().ShouldBe(("", queue));
    }

    [Theory]
    [InlineData("berta.replies")]
    [InlineData("anna")]
    [InlineData("sandqueue.3.create.bfcl")]
    public async Task It_goes_into_no_other_queue_and_nothing_is_executed(string queue)
    {
        (await ExecuteAsync("key-of-anna", queue)).ShouldBeTrue();

        Published().ShouldBe((AmqpNames.DeadLetters, ""));
        await _router.DidNotReceiveWithAnyArgs().SendAsync<ReleaseInstance>(default!, Cancel);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Nobody_without_a_key_is_answered(string? key)
    {
        (await ExecuteAsync(key, "amq.gen-JzTY20BRgKO")).ShouldBeTrue();

        Published().ShouldBe((AmqpNames.DeadLetters, ""));
        await _router.DidNotReceiveWithAnyArgs().SendAsync<ReleaseInstance>(default!, Cancel);
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_refused_by_its_length()
    {
        await ExecuteAsync("key-of-anna", "anna.replies", length: 11 << 20);

        Published().ShouldBe(("", "anna.replies"));
        await _router.DidNotReceiveWithAnyArgs().SendAsync<ReleaseInstance>(default!, Cancel);
    }

    [Fact]
    public async Task Where_nobody_waits_and_the_end_is_unknown_it_is_executed_again()
    {
        Answer(new CommandOutcome.Unknown());
        (await ExecuteAsync("key-of-anna", replyTo: null)).ShouldBeFalse();

        _router.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).Returns<CommandOutcome>(_ => throw new Npgsql.NpgsqlException("away"));
        (await ExecuteAsync("key-of-anna", replyTo: null)).ShouldBeFalse();
        (await ExecuteAsync("key-of-anna", "anna.replies")).ShouldBeTrue("whoever waits is told");
    }

    [Fact]
    public async Task What_is_above_a_tenants_share_waits_in_a_queue_of_its_own_and_runs_from_there()
    {
        var running = new TaskCompletionSource<CommandOutcome>();
        _router.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).Returns(running.Task);
        Task<bool>[] within = [ExecuteAsync("key-of-anna", "anna.replies"), ExecuteAsync("key-of-anna", "anna.replies")];

        (await ExecuteAsync("key-of-anna", "anna.replies")).ShouldBeTrue("it is acknowledged: the broker has it twice until then, and never nowhere");
        var (exchange, queue) = Published();
        (exchange, queue[..^1]).ShouldBe(("", "sandqueue.waiting.others."));
        Task<bool>[] others = [ExecuteAsync("key-of-berta", "berta.replies"), ExecuteAsync("key-of-anna", "anna.replies", hasWaited: true)];
        _router.ReceivedCalls().Count().ShouldBe(3, "what comes back from there has its turn when one of its tenant's has ended");

        running.SetResult(new CommandOutcome.Completed([], new CommandTiming(0, 0, 0)));
        (await Task.WhenAll([.. within, .. others])).ShouldAllBe(done => done);
        _router.ReceivedCalls().Count().ShouldBe(4);
    }

    [Fact]
    public async Task Where_that_queue_is_full_it_is_refused()
    {
        _channel.When(async channel => await channel.BasicPublishAsync("", Arg.Is<string>(queue => queue.StartsWith("sandqueue.waiting")), true, Arg.Any<BasicProperties>(), Arg.Any<ReadOnlyMemory<byte>>(), Arg.Any<CancellationToken>()))
            .Do(_ => throw new PublishException(1, isReturn: false));
        _router.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).Returns(new TaskCompletionSource<CommandOutcome>().Task);
        for (var running = 0; running < 2; running++) _ = ExecuteAsync("key-of-anna", "anna.replies");

        (await ExecuteAsync("key-of-anna", "anna.replies")).ShouldBeTrue();

        var arguments = _channel.ReceivedCalls().Last(call => call.GetMethodInfo().Name == nameof(IChannel.BasicPublishAsync)).GetArguments();
        (arguments[1], Encoding.UTF8.GetString(((ReadOnlyMemory<byte>)arguments[4]!).Span)).ShouldBe((
            "anna.replies",
            """{"command_id":"m","command":"release","instance_id":"i","end":"rejected","reason":"no_capacity","detail":"too many commands wait already, and this one was not sent; send it again later under the same message_id"}"""));
    }

    private void Answer(CommandOutcome outcome) => _router.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).Returns(outcome);

    [Fact]
    public async Task A_key_that_may_only_read_changes_nothing()
    {
        (await ExecuteAsync("key-of-anna", "anna.replies", scope: KeyScope.Read)).ShouldBeTrue();

        Published().ShouldBe(("", "anna.replies"));
        await _router.DidNotReceiveWithAnyArgs().SendAsync<ReleaseInstance>(default!, Cancel);
    }

    private Task<bool> ExecuteAsync(string? key, string? replyTo, int length = 10, bool hasWaited = false, KeyScope scope = KeyScope.Use)
    {
        var message = new AmqpMessage(1, """{"command":"release","instance_id":"i"}"""u8.ToArray(), length, "m", null, replyTo, null, null, key, null, hasWaited);
        var execution = new AmqpExecution(_router, new AmqpSenders(new SettingsKeys(ApiKeys.Read("anna=key-of-anna,berta=key-of-berta"), scope), BrokerUsers.Read(null)), _shares, Uncounted.Metrics, Options.Create(new GatewayOptions()), TimeProvider.System);
        return execution.ExecuteAsync(message, new AmqpPublisher(_channel, Uncounted.Metrics, TimeProvider.System, NullLogger<AmqpDoor>.Instance), Cancel);
    }

    /// <summary>Exchange and routing key of the one message that was published.</summary>
    private (string Exchange, string RoutingKey) Published()
    {
        var arguments = _channel.ReceivedCalls().Single(call => call.GetMethodInfo().Name == nameof(IChannel.BasicPublishAsync)).GetArguments();
        return ((string)arguments[0]!, (string)arguments[1]!);
    }
}
