using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Transport.Fakes;
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

    private static CommandReply Reply(string commandId) =>
        CommandReply.Completed(
            new ReleaseInstance { Tenant = "tenant", InstanceId = "instance", CommandId = commandId, RemainingMs = 1_000 }, [], environmentMs: 0, journalMs: 0);
}
