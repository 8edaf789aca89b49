using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
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

namespace SandQueue.Gateway.Tests.Amqp;

public sealed class AmqpMetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().AddSingleton<AmqpMetrics>().BuildServiceProvider();
    private readonly ICommandRouter _router = Substitute.For<ICommandRouter>();
    private readonly IChannel _channel = Substitute.For<IChannel>();

    [Fact]
    public async Task Commands_are_counted_by_name_and_end()
    {
        var commands = Collect("commands");
        Answer(Task.FromResult<CommandOutcome>(new CommandOutcome.Completed([], new CommandTiming(0, 0, 0))));
        await ExecuteAsync(Release);
        await ExecuteAsync(Release);
        Answer(Task.FromResult<CommandOutcome>(new CommandOutcome.Rejected(CommandReason.UnknownInstance, "no such thing")));
        await ExecuteAsync(Release);

        commands.GetMeasurementSnapshot().Select(measured => (measured.Value, measured.Tags["command"], measured.Tags["end"]))
            .ShouldBe([(1, "release", "completed"), (1, "release", "completed"), (1, "release", "rejected")]);
    }

    [Fact]
    public async Task Those_that_run_are_a_gauge()
    {
        var running = Collect("running");
        var outcome = new TaskCompletionSource<CommandOutcome>();
        Answer(outcome.Task);
        Task[] executions = [ExecuteAsync(Release), ExecuteAsync(Release)];
        running.GetMeasurementSnapshot().Sum(measured => measured.Value).ShouldBe(2);

        outcome.SetException(new Npgsql.NpgsqlException("away"));
        await Task.WhenAll(executions);

        running.GetMeasurementSnapshot().Sum(measured => measured.Value).ShouldBe(0);
    }

    [Theory]
    [InlineData(Release, "sandqueue.commands", "key", "reply_to")]
    [InlineData(Release, "anna.replies", "wrong", "unauthenticated")]
    [InlineData("{", null, "key", "malformed")]
    public async Task Dead_letters_are_counted_by_why(string body, string? replyTo, string key, string why)
    {
        var letters = Collect("dead_letters");

        await ExecuteAsync(body, replyTo, key);

        letters.GetMeasurementSnapshot().ShouldHaveSingleItem().Tags["why"].ShouldBe(why);
    }

    [Fact]
    public async Task Replies_that_come_back_are_counted()
    {
        var returned = Collect("returned_replies");
        Answer(Task.FromResult<CommandOutcome>(new CommandOutcome.Unknown()));
        _channel.When(async channel => await channel.BasicPublishAsync("", "anna.replies", true, Arg.Any<BasicProperties>(), Arg.Any<ReadOnlyMemory<byte>>(), Arg.Any<CancellationToken>()))
            .Do(_ => throw new PublishException(1, isReturn: true));

        await ExecuteAsync(Release, "anna.replies");

        returned.GetMeasurementSnapshot().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Commands_above_a_share_are_counted()
    {
        var moved = Collect("moved");
        Answer(new TaskCompletionSource<CommandOutcome>().Task);
        for (var command = 0; command < 3; command++) _ = ExecuteAsync(Release);

        await ExecuteAsync(Release);

        moved.GetMeasurementSnapshot().Count.ShouldBe(2);
    }

    public void Dispose() => _services.Dispose();

    private const string Release = """{"command":"release","instance_id":"i"}""";

    private TenantShares Shares { get; } = new(most: 2, share: 2);

    private MetricCollector<long> Collect(string name) => new(_services.GetRequiredService<IMeterFactory>(), AmqpMetrics.MeterName, $"sandqueue.amqp.{name}");

    private void Answer(Task<CommandOutcome> outcome) => _router.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).Returns(outcome);

    private Task<bool> ExecuteAsync(string body, string? replyTo = null, string key = "key")
    {
        var metrics = _services.GetRequiredService<AmqpMetrics>();
        var message = new AmqpMessage(1, System.Text.Encoding.UTF8.GetBytes(body), body.Length, "m", null, replyTo, null, null, key, null, HasWaited: false);
        var execution = new AmqpExecution(_router, new AmqpSenders(new SettingsKeys(ApiKeys.Read("anna=key")), BrokerUsers.Read(null)), Shares, metrics, Options.Create(new GatewayOptions()), TimeProvider.System);
        return execution.ExecuteAsync(message, new AmqpPublisher(_channel, metrics, TimeProvider.System, NullLogger<AmqpDoor>.Instance), TestContext.Current.CancellationToken);
    }
}
