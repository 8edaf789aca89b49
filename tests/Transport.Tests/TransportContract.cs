using System.Security.Cryptography;
using SandQueue.Contracts;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests;

/// <summary>What every transport owes the parts that send over it.</summary>
public abstract class TransportContract(TransportFixture transport)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly string _queue = $"sandqueue.test.{Guid.NewGuid():n}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_to_a_shared_queue_arrives_whole()
    {
        await using var endpoint = await transport.Second.ConnectSharedAsync(_queue);
        var sent = new Probe { Number = 7, Payload = RandomNumberGenerator.GetBytes(3 << 20) };

        await transport.First.Sender.SendSharedAsync(_queue, sent, replyTo: null, Lifetime, Cancel);

        var arrived = (await transport.Inbox.TakeAsync(_queue, 1, Cancel)).Single();
        arrived.Number.ShouldBe(7);
        arrived.Payload.AsSpan().SequenceEqual(sent.Payload).ShouldBeTrue();
    }

    [Fact]
    public async Task Commands_arrive_as_they_were_sent_through_either_kind_of_queue()
    {
        await using var own = await transport.Second.ConnectOwnAsync(_queue);
        await using var shared = await transport.Second.ConnectSharedAsync($"{_queue}.shared");
        var step = new StepInstance { CommandId = "c-1", Tenant = "t", RemainingMs = 900, InstanceId = "i", Action = RandomNumberGenerator.GetBytes(2 << 20), ExpectedStep = 3 };
        var sent = new Envelope<StepInstance> { Commands = [step] };

        await transport.First.Sender.SendOwnAsync(_queue, sent, own.Address, Cancel);
        await transport.First.Sender.SendSharedAsync($"{_queue}.shared", sent, replyTo: null, Lifetime, Cancel);

        for (var came = 0; came < 2; came++)
        {
            var arrived = (await transport.Second.Steps.ReadAsync(Cancel).AsTask().WaitAsync(Lifetime, Cancel)).Commands.ShouldHaveSingleItem();
            arrived.Action.AsSpan().SequenceEqual(step.Action).ShouldBeTrue();
            (arrived with { Action = step.Action, Params = step.Params }).ShouldBe(step);
        }
    }

    [Fact]
    public async Task An_answer_comes_back_to_the_senders_own_endpoint()
    {
        var replies = $"{_queue}.replies";
        await using var sender = await transport.First.ConnectOwnAsync(replies);
        await using var receiver = await transport.Second.ConnectOwnAsync(_queue);

        await transport.First.Sender.SendOwnAsync(_queue, new Probe { Number = 3 }, sender.Address, Cancel);

        (await transport.Inbox.TakeAsync(replies, 1, Cancel)).Single().Number.ShouldBe(3);
    }

    [Fact]
    public async Task An_answer_comes_back_from_a_shared_queue_too()
    {
        var replies = $"{_queue}.replies";
        await using var sender = await transport.First.ConnectOwnAsync(replies);
        await using var receiver = await transport.Second.ConnectSharedAsync(_queue);

        await transport.First.Sender.SendSharedAsync(_queue, new Probe { Number = 4 }, sender.Address, Lifetime, Cancel);

        (await transport.Inbox.TakeAsync(replies, 1, Cancel)).Single().Number.ShouldBe(4);
    }

    [Fact]
    public async Task Own_queues_are_kept_apart()
    {
        var other = $"{_queue}.other";
        await using var first = await transport.First.ConnectOwnAsync(_queue);
        await using var second = await transport.Second.ConnectOwnAsync(other);

        await transport.Second.Sender.SendOwnAsync(_queue, new Probe { Number = 1 }, replyTo: null, Cancel);
        await transport.First.Sender.SendOwnAsync(other, new Probe { Number = 2 }, replyTo: null, Cancel);

        (await transport.Inbox.TakeAsync(_queue, 1, Cancel)).Single().Number.ShouldBe(1);
        (await transport.Inbox.TakeAsync(other, 1, Cancel)).Single().Number.ShouldBe(2);
    }

    [Fact]
    public async Task Messages_of_a_shared_queue_are_each_taken_once()
    {
        await using var first = await transport.First.ConnectSharedAsync(_queue);
        await using var second = transport.Second == transport.First ? null : await transport.Second.ConnectSharedAsync(_queue);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(
            number => transport.First.Sender.SendSharedAsync(_queue, new Probe { Number = number }, replyTo: null, Lifetime, Cancel)));

        var taken = await transport.Inbox.TakeAsync(_queue, 200, Cancel);
        taken.Select(probe => probe.Number).Order().ShouldBe(Enumerable.Range(0, 200));
    }

    [Fact]
    public async Task What_waits_in_a_shared_queue_is_taken_by_whoever_connects_next()
    {
        await (await transport.First.ConnectSharedAsync(_queue)).DisposeAsync();
        await transport.First.Sender.SendSharedAsync(_queue, new Probe { Number = 5 }, replyTo: null, Lifetime, Cancel);

        await using var next = await transport.Second.ConnectSharedAsync(_queue);

        (await transport.Inbox.TakeAsync(_queue, 1, Cancel)).Single().Number.ShouldBe(5);
    }

    [Fact]
    public async Task A_thousand_sends_at_once_all_arrive()
    {
        await using var endpoint = await transport.Second.ConnectOwnAsync(_queue);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(number => Task.Run(
            () => transport.First.Sender.SendOwnAsync(_queue, new Probe { Number = number }, replyTo: null, Cancel))));

        var arrived = await transport.Inbox.TakeAsync(_queue, 1000, Cancel);
        arrived.Select(probe => probe.Number).Order().ShouldBe(Enumerable.Range(0, 1000));
    }

    [Fact]
    public async Task A_queue_that_is_gone_does_not_hold_its_senders()
    {
        await (await transport.Second.ConnectOwnAsync(_queue)).DisposeAsync();

        var sent = transport.First.Sender.SendOwnAsync(_queue, new Probe { Number = 1 }, replyTo: null, Cancel).WaitAsync(TimeSpan.FromSeconds(20), Cancel);

        if (transport.NoticesGoneQueues) await Should.ThrowAsync<QueueGoneException>(sent);
        else await sent;
    }

    [Fact]
    public async Task A_send_can_be_given_up()
    {
        using var given = new CancellationTokenSource();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(transport.First.Sender.SendOwnAsync(_queue, new Probe { Number = 1 }, replyTo: null, given.Token));
    }
}
