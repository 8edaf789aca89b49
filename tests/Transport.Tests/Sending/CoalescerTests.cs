using System.Collections.Concurrent;
using CsCheck;
using SandQueue.Contracts;
using SandQueue.Testing;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Tests.Sending;

public sealed class CoalescerTests
{
    private const int Mebibyte = 1 << 20;

    private readonly HeldSends _sends = new();

    [Fact]
    public async Task A_lone_item_leaves_at_once()
    {
        await using var coalescer = _sends.NewCoalescer();
        coalescer.Add("to", 1);
        (await _sends.NextAsync()).ShouldBe([1]);
        _sends.Succeed();
    }

    [Fact]
    public async Task What_arrives_during_a_send_travels_together_and_in_order()
    {
        await using var coalescer = _sends.NewCoalescer();
        coalescer.Add("to", 1);
        await _sends.NextAsync();
        foreach (var item in Enumerable.Range(2, 9)) coalescer.Add("to", item);

        _sends.Succeed();
        (await _sends.NextAsync()).ShouldBe(Enumerable.Range(2, 9));
        _sends.Succeed();
    }

    [Fact]
    public async Task Items_that_came_together_leave_together()
    {
        await using var coalescer = _sends.NewCoalescer();
        coalescer.AddTogether("to", [1, 2, 3]);
        (await _sends.NextAsync()).ShouldBe([1, 2, 3]);
        coalescer.AddTogether("to", [4, 5]);
        coalescer.Add("to", 6);

        _sends.Succeed();
        (await _sends.NextAsync()).ShouldBe([4, 5, 6]);
        _sends.Succeed();
    }

    [Fact]
    public async Task A_large_item_among_those_that_came_together_travels_alone()
    {
        await using var coalescer = _sends.NewCoalescer(size: item => item);
        coalescer.AddTogether("to", [1, 5 * Mebibyte, 2]);

        (await _sends.NextAsync()).ShouldBe([1, 2]);
        (await _sends.NextAsync()).ShouldBe([5 * Mebibyte]);
        _sends.Succeed();
        _sends.Succeed();
    }

    [Fact]
    public async Task Items_that_came_together_after_the_end_are_all_reported()
    {
        var coalescer = _sends.NewCoalescer();
        await coalescer.DisposeAsync();

        coalescer.AddTogether("to", [1, 2]);

        _sends.Failed.ShouldHaveSingleItem().Items.ShouldBe([1, 2]);
    }

    [Fact]
    public async Task A_message_has_a_largest_size()
    {
        await using var coalescer = _sends.NewCoalescer();
        coalescer.Add("to", 0);
        await _sends.NextAsync();
        foreach (var item in Enumerable.Range(1, 300)) coalescer.Add("to", item);

        var sizes = new List<int>();
        while (sizes.Sum() < 300)
        {
            _sends.Succeed();
            sizes.Add((await _sends.NextAsync()).Count);
        }

        _sends.Succeed();
        sizes.ShouldBe([128, 128, 44]);
    }

    [Fact]
    public async Task A_message_has_a_largest_size_in_bytes()
    {
        await using var coalescer = _sends.NewCoalescer(size: item => item);
        coalescer.Add("to", 0);
        await _sends.NextAsync();
        int[] items = [Mebibyte / 2, Mebibyte / 2, 1, 2, Mebibyte];
        foreach (var item in items) coalescer.Add("to", item);

        var messages = new List<IReadOnlyList<int>>();
        while (messages.Sum(message => message.Count) < items.Length)
        {
            _sends.Succeed();
            messages.Add(await _sends.NextAsync());
        }

        _sends.Succeed();
        messages.Select(message => message.Count).ShouldBe([2, 2, 1]);
        messages.SelectMany(message => message).ShouldBe(items);
    }

    [Fact]
    public async Task A_larger_item_travels_alone_and_holds_up_no_smaller_one()
    {
        await using var coalescer = _sends.NewCoalescer(size: item => item);
        coalescer.Add("to", 5 * Mebibyte);
        (await _sends.NextAsync()).ShouldBe([5 * Mebibyte]);

        coalescer.Add("to", 6 * Mebibyte);
        coalescer.Add("to", 1);

        (await _sends.NextAsync()).ShouldBe([1], "the first large one is still under way");
        coalescer.Destinations.ShouldBe(1);
        _sends.Succeed();
        _sends.Succeed();
        (await _sends.NextAsync()).ShouldBe([6 * Mebibyte], "one large one at a time");
        _sends.Succeed();
    }

    [Fact]
    public async Task Without_a_size_of_its_own_a_reply_counts_as_its_payload()
    {
        var sizes = new List<int>();
        var first = new TaskCompletionSource();
        var coalescer = new Coalescer<string, CommandReply>(
            async (_, replies) =>
            {
                sizes.Add(replies.Count);
                await first.Task;
            },
            (_, _, failure) => throw failure);
        for (var reply = 0; reply < 9; reply++)
        {
            coalescer.Add("to", new CommandReply { CommandId = $"{reply}", Tenant = "t", End = CommandEnd.Completed, Answer = new byte[240_000] });
            if (reply == 0) await Until.TrueAsync("the first is under way", () => Task.FromResult(sizes.Count == 1), TimeSpan.FromSeconds(20));
        }

        first.SetResult();
        await coalescer.DisposeAsync();

        // Four of them take 960,000 bytes, five 1,200,000.
        sizes.ShouldBe([1, 4, 4]);
    }

    [Fact]
    public async Task A_send_that_fails_is_reported_with_its_items_and_stops_no_later_one()
    {
        await using var coalescer = _sends.NewCoalescer();
        coalescer.Add("to", 1);
        await _sends.NextAsync();
        coalescer.Add("to", 2);
        coalescer.Add("to", 3);
        _sends.Succeed();
        await _sends.NextAsync();
        _sends.Fail(new TimeoutException("too slow"));
        coalescer.Add("to", 4);

        (await _sends.NextAsync()).ShouldBe([4]);
        _sends.Succeed();
        var (items, failure) = _sends.Failed.ShouldHaveSingleItem();
        items.ShouldBe([2, 3]);
        failure.Message.ShouldBe("too slow");
    }

    [Fact]
    public async Task A_send_that_throws_before_it_starts_is_reported_too()
    {
        var failed = new List<int>();
        var coalescer = new Coalescer<string, int>((_, _) => throw new InvalidOperationException(), (_, items, _) => failed.AddRange(items));
        coalescer.Add("to", 1);
        await coalescer.DisposeAsync();
        failed.ShouldBe([1]);
    }

    [Fact]
    public async Task The_end_sends_what_waits()
    {
        var coalescer = _sends.NewCoalescer();
        coalescer.Add("to", 1);
        await _sends.NextAsync();
        coalescer.Add("to", 2);
        var ended = coalescer.DisposeAsync().AsTask();
        ended.IsCompleted.ShouldBeFalse();

        _sends.Succeed();
        (await _sends.NextAsync()).ShouldBe([2]);
        _sends.Succeed();
        await ended;
    }

    [Fact]
    public async Task What_comes_after_the_end_is_reported_as_not_sent()
    {
        var coalescer = _sends.NewCoalescer();
        await coalescer.DisposeAsync();

        coalescer.Add("to", 1);

        var (items, failure) = _sends.Failed.ShouldHaveSingleItem();
        items.ShouldBe([1]);
        failure.ShouldBeOfType<ObjectDisposedException>();
    }

    [Fact]
    public async Task Destinations_do_not_wait_for_each_other_and_are_forgotten_once_nothing_is_under_way_to_them()
    {
        var held = new TaskCompletionSource();
        var sent = new ConcurrentQueue<string>();
        await using var coalescer = new Coalescer<string, int>(
            async (to, _) =>
            {
                if (to == "slow") await held.Task;
                sent.Enqueue(to);
            },
            (_, _, _) => { });
        coalescer.Add("slow", 1);
        foreach (var worker in Enumerable.Range(0, 1000)) coalescer.Add($"worker-{worker}", worker);

        await Until.TrueAsync("all others are sent", () => Task.FromResult(sent.Count == 1000 && coalescer.Destinations == 1), TimeSpan.FromSeconds(20));
        held.SetResult();
        await Until.TrueAsync("the slow one is forgotten too", () => Task.FromResult(coalescer.Destinations == 0), TimeSpan.FromSeconds(20));
        coalescer.Add("slow", 2);
        await Until.TrueAsync("what was forgotten can be sent to again", () => Task.FromResult(sent.Count(to => to == "slow") == 2), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Whatever_happens_nothing_is_lost_or_sent_twice_and_each_senders_order_is_kept()
    {
        // Of each message: how often it yields before it is sent, and whether it fails then.
        var fates = Gen.Select(Gen.Int[0, 3], Gen.Bool).List[1, 20];
        await Gen.Select(Gen.Int[1, 4], Gen.Int[1, 200], fates).SampleAsync(async scenario =>
        {
            var (senders, each, fate) = scenario;
            var handled = new List<(int Sender, int Item)>();
            var message = 0;
            var coalescer = new Coalescer<string, (int Sender, int Item)>(
                async (_, items) =>
                {
                    var (yields, fails) = fate[message++ % fate.Count];
                    for (var i = 0; i < yields; i++) await Task.Yield();
                    if (fails) throw new InvalidOperationException();
                    handled.AddRange(items);
                },
                (_, items, _) => handled.AddRange(items));
            await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Run(() =>
            {
                for (var item = 0; item < each; item++) coalescer.Add("to", (sender, item));
            })));
            await coalescer.DisposeAsync();

            return handled.Count == senders * each
                && handled.GroupBy(item => item.Sender).All(items => items.Select(item => item.Item).SequenceEqual(Enumerable.Range(0, each)));
        }, iter: 100);
    }
}
