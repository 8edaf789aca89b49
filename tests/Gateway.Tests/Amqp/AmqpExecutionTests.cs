using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using NSubstitute;
using RabbitMQ.Client;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp;
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

    private void Answer(CommandOutcome outcome) => _router.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).Returns(outcome);

    [Fact]
    public async Task A_key_that_may_only_read_changes_nothing()
    {
        (await ExecuteAsync("key-of-anna", "anna.replies", scope: KeyScope.Read)).ShouldBeTrue();

        Published().ShouldBe(("", "anna.replies"));
        await _router.DidNotReceiveWithAnyArgs().SendAsync<ReleaseInstance>(default!, Cancel);
    }

    private Task<bool> ExecuteAsync(string? key, string? replyTo, int length = 10, KeyScope scope = KeyScope.Use)
    {
        var message = new AmqpMessage(1, """{"command":"release","instance_id":"i"}"""u8.ToArray(), length, "m", null, replyTo, null, null, key);
        var execution = new AmqpExecution(_router, new SettingsKeys(ApiKeys.Read("anna=key-of-anna,berta=key-of-berta"), scope), Options.Create(new GatewayOptions()));
        return execution.ExecuteAsync(message, new AmqpPublisher(_channel, TimeProvider.System, NullLogger<AmqpDoor>.Instance), Cancel);
    }

    /// <summary>Exchange and routing key of the one message that was published.</summary>
    private (string Exchange, string RoutingKey) Published()
    {
        var arguments = _channel.ReceivedCalls().Single(call => call.GetMethodInfo().Name == nameof(IChannel.BasicPublishAsync)).GetArguments();
        return ((string)arguments[0]!, (string)arguments[1]!);
    }
}
