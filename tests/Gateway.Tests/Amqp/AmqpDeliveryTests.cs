using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using RabbitMQ.Client;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp;
using SandQueue.Gateway.Amqp.Sharing;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Gateway.Tests.Security;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Tests.Amqp;

public sealed class AmqpDeliveryTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly ICommandRouter _router = Substitute.For<ICommandRouter>();
    private readonly IChannel _channel = Substitute.For<IChannel>();
    private readonly CancellationTokenSource _over = new();

    public AmqpDeliveryTests() => _channel.IsOpen.Returns(true);

    [Fact]
    public async Task A_message_is_acknowledged_behind_its_event()
    {
        Answer(new CommandOutcome.Completed("true"u8.ToArray(), new CommandTiming(0, 0, 0)));

        await Run();

        _channel.ReceivedCalls().Select(call => call.GetMethodInfo().Name).Where(name => name.StartsWith("Basic", StringComparison.Ordinal))
            .ShouldBe([nameof(IChannel.BasicPublishAsync), nameof(IChannel.BasicAckAsync)]);
    }

    [Fact]
    public async Task A_message_whose_end_the_database_does_not_say_is_held_for_ten_minutes_and_given_back()
    {
        Answer(new CommandOutcome.Unknown());
        var (begun, run) = (_time.GetUtcNow(), Run());

        await PassAsync(run, TimeSpan.FromMinutes(9));
        run.IsCompleted.ShouldBeFalse();
        Calls(nameof(IChannel.BasicRejectAsync)).ShouldBe(0);

        await PassAsync(run, TimeSpan.FromHours(1));
        (_time.GetUtcNow() - begun).ShouldBeGreaterThan(TimeSpan.FromMinutes(10));
        await _channel.Received(1).BasicRejectAsync(7, true, Arg.Any<CancellationToken>());
        Calls(nameof(IChannel.BasicAckAsync)).ShouldBe(0);
    }

    [Fact]
    public async Task An_end_that_comes_meanwhile_is_told()
    {
        Answer(new CommandOutcome.Unknown());
        var run = Run();
        await PassAsync(run, TimeSpan.FromMinutes(5));

        Answer(new CommandOutcome.Completed("true"u8.ToArray(), new CommandTiming(0, 0, 0)));
        await PassAsync(run, TimeSpan.FromMinutes(1));

        run.IsCompletedSuccessfully.ShouldBeTrue();
        (Calls(nameof(IChannel.BasicPublishAsync)), Calls(nameof(IChannel.BasicAckAsync)), Calls(nameof(IChannel.BasicRejectAsync))).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task What_fails_is_given_back_after_a_while()
    {
        _router.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).ThrowsAsync(new InvalidOperationException("a mistake of ours"));
        var run = Run();
        run.IsCompleted.ShouldBeFalse("its deliveries would be used up within milliseconds");

        await PassAsync(run, TimeSpan.FromSeconds(10));

        await _channel.Received(1).BasicRejectAsync(7, true, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Once_the_connection_is_over_nothing_is_said_to_it()
    {
        Answer(new CommandOutcome.Unknown());
        var run = Run();

        await _over.CancelAsync();
        await run.WaitAsync(Limit, TestContext.Current.CancellationToken);

        (Calls(nameof(IChannel.BasicAckAsync)), Calls(nameof(IChannel.BasicRejectAsync))).ShouldBe((0, 0));
    }

    public void Dispose() => _over.Dispose();

    private void Answer(CommandOutcome outcome) => _router.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).Returns(outcome);

    private int Calls(string name) => _channel.ReceivedCalls().Count(call => call.GetMethodInfo().Name == name);

    private Task Run()
    {
        var message = new AmqpMessage(7, """{"command":"release","instance_id":"i"}"""u8.ToArray(), 39, "m", null, null, null, null, null, null, HasWaited: false);
        var execution = new AmqpExecution(_router, new AmqpSenders(new SettingsKeys(ApiKeys.Read(null)), BrokerUsers.Read(null)), new TenantShares(most: 1, share: 1), Uncounted.Metrics, Options.Create(new GatewayOptions()), TimeProvider.System);
        var publisher = new AmqpPublisher(_channel, Uncounted.Metrics, _time, NullLogger<AmqpDoor>.Instance);
        return new AmqpDelivery(execution, _time, NullLogger<AmqpDelivery>.Instance).RunAsync(message, _channel, publisher, _over.Token);
    }

    /// <summary>Lets time pass in steps, so that each wait begins before the next step, and no longer than the message is held.</summary>
    private async Task PassAsync(Task run, TimeSpan time)
    {
        for (var until = _time.GetUtcNow() + time; _time.GetUtcNow() < until && !run.IsCompleted;)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
