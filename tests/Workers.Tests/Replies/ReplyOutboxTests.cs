using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Testing;
using SandQueue.Transport.Fakes;
using SandQueue.Transport.Sending;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Replies;
using Xunit;

namespace SandQueue.Workers.Tests.Replies;

/// <summary>Replies on their way to the gateways that wait for them.</summary>
public sealed class ReplyOutboxTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WorkerLease _lease;

    public ReplyOutboxTests()
    {
        _lease = new WorkerLease(_time);
        _lease.Renewed(_lease.Mark(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Replies_of_two_gateways_that_wait_at_the_same_time_go_to_each_its_own()
    {
        var messages = FakeMessageSender.Held();
        await using var outbox = new ReplyOutbox(messages, _lease, _time, NullLogger<ReplyOutbox>.Instance);

        // RabbitMQ's reply addresses are one exchange, with the queue's name as the fragment.
        outbox.Send(new Uri("exchange:own?type=direct#first"), Reply("a"));
        outbox.Send(new Uri("exchange:own?type=direct#second"), Reply("b"));
        var sent = new[] { await messages.NextAsync(), await messages.NextAsync() };
        messages.Succeed();
        messages.Succeed();

        Assert.Equal(
            [("first", "a"), ("second", "b")],
            sent.Select(message => (message.Destination, Assert.Single(((CommandReplies)message.Message).Replies).CommandId)).Order());
    }

    [Fact]
    public async Task Replies_for_one_gateway_that_wait_at_the_same_time_travel_together()
    {
        var messages = FakeMessageSender.Held();
        await using var outbox = new ReplyOutbox(messages, _lease, _time, NullLogger<ReplyOutbox>.Instance);
        var gateway = new Uri("exchange:own?type=direct#first");

        outbox.Send(gateway, Reply("a"));
        await messages.NextAsync();
        outbox.Send(gateway, Reply("b"));
        outbox.Send(gateway, Reply("c"));
        messages.Succeed();
        var together = await messages.NextAsync();
        messages.Succeed();

        Assert.Equal(["b", "c"], ((CommandReplies)together.Message).Replies.Select(reply => reply.CommandId));
    }

    [Fact]
    public async Task A_sender_whose_queue_is_gone_for_a_moment_after_the_broker_was_away_is_not_dead()
    {
        var (messages, dead) = (FakeMessageSender.Held(), 0);
        await using var outbox = new ReplyOutbox(messages, _lease, _time, NullLogger<ReplyOutbox>.Instance);
        outbox.Send(new Uri("exchange:own?type=direct#first"), Reply("a"), () => dead++);
        await messages.NextAsync();

        _time.Advance(TimeSpan.FromSeconds(20));
        messages.Fail(new MessageNotSentException("the broker is away", new TimeoutException()));
        await AgainAsync(messages);
        messages.Fail(Gone());
        await AgainAsync(messages);
        messages.Succeed();

        Assert.Equal(0, dead);
    }

    [Fact]
    public async Task A_sender_whose_queue_stays_away_is_dead()
    {
        var (messages, dead) = (FakeMessageSender.Held(), 0);
        await using var outbox = new ReplyOutbox(messages, _lease, _time, NullLogger<ReplyOutbox>.Instance);
        outbox.Send(new Uri("exchange:own?type=direct#first"), Reply("a"), () => Interlocked.Increment(ref dead));
        await messages.NextAsync();
        messages.Fail(Gone());
        await AgainAsync(messages);

        _time.Advance(TimeSpan.FromSeconds(16));
        messages.Fail(Gone());

        await Until.TrueAsync("the sender is taken for dead", () => Task.FromResult(Volatile.Read(ref dead) == 1), TimeSpan.FromSeconds(20));
        Assert.False(messages.HasMore);
    }

    private static QueueGoneException Gone() => new("first", new TimeoutException());

    /// <summary>Lets time pass until the message is sent again.</summary>
    private async Task AgainAsync(FakeMessageSender messages)
    {
        await Until.TrueAsync("sent again", () =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(50));
            return Task.FromResult(messages.HasMore);
        }, TimeSpan.FromSeconds(20));
        await messages.NextAsync();
    }

    private static CommandReply Reply(string commandId) =>
        CommandReply.Completed(
            new ReleaseInstance { Tenant = "tenant", InstanceId = "instance", CommandId = commandId, RemainingMs = 1_000 }, [], environmentMs: 0, journalMs: 0);
}
