using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Routing.Sending;

namespace SandQueue.Routing.Tests.Sending;

public sealed class PendingCommandsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly PendingCommands _pending;

    public PendingCommandsTests() => _pending = new PendingCommands(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_goes_to_the_command_it_answers()
    {
        var first = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);
        var second = WaitAsync(Commands.Release("2"), Commands.Timeout, Cancel);

        var reply = Commands.Completed("2");
        _pending.Complete(reply);

        (await SoonAsync(second)).ShouldBeSameAs(reply);
        first.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Ids_are_unique_for_each_tenant_only()
    {
        var mine = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);
        var theirs = WaitAsync(Commands.Release("1") with { Tenant = "b" }, Commands.Timeout, Cancel);

        var reply = Commands.Completed("1") with { Tenant = "b" };
        _pending.Complete(reply);

        (await SoonAsync(theirs)).ShouldBeSameAs(reply);
        mine.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_wait_ends_with_the_time_that_remained()
    {
        var waiting = WaitAsync(Commands.Release("1"), TimeSpan.FromMilliseconds(1000), Cancel);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        waiting.IsCompleted.ShouldBeFalse();

        _time.Advance(TimeSpan.FromMilliseconds(1));

        (await SoonAsync(waiting)).ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public async Task No_time_left_is_no_wait(int milliseconds)
    {
        (await SoonAsync(WaitAsync(Commands.Release("1"), TimeSpan.FromMilliseconds(milliseconds), Cancel))).ShouldBeNull();
    }

    [Fact]
    public async Task Two_waits_for_one_id_get_the_same_reply()
    {
        var first = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);
        var second = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);

        var reply = Commands.Completed("1");
        _pending.Complete(reply);

        (await SoonAsync(first)).ShouldBeSameAs(reply);
        (await SoonAsync(second)).ShouldBeSameAs(reply);
    }

    [Fact]
    public async Task A_wait_that_runs_out_leaves_the_other_of_its_id_alone()
    {
        var first = WaitAsync(Commands.Release("1"), TimeSpan.FromMilliseconds(100), Cancel);
        var second = WaitAsync(Commands.Release("1"), TimeSpan.FromMilliseconds(1000), Cancel);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        (await SoonAsync(first)).ShouldBeNull();

        var reply = Commands.Completed("1");
        _pending.Complete(reply);

        (await SoonAsync(second)).ShouldBeSameAs(reply);
    }

    [Fact]
    public async Task A_wait_that_is_given_up_leaves_the_other_of_its_id_alone()
    {
        using var given = new CancellationTokenSource();
        var first = WaitAsync(Commands.Release("1"), Commands.Timeout, given.Token);
        var second = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);

        var reply = Commands.Completed("1");
        _pending.Complete(reply);

        (await SoonAsync(second)).ShouldBeSameAs(reply);
    }

    [Fact]
    public async Task A_reply_that_nobody_waits_for_is_dropped_and_answers_no_later_wait()
    {
        _pending.Complete(Commands.Completed("1"));
        var waiting = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);
        waiting.IsCompleted.ShouldBeFalse();

        var reply = Commands.Completed("1");
        _pending.Complete(reply);
        _pending.Complete(Commands.Completed("1") with { Detail = "a second one" });

        (await SoonAsync(waiting)).ShouldBeSameAs(reply);
    }

    [Fact]
    public async Task A_command_that_was_not_sent_ends_its_waits_without_a_reply_and_no_others()
    {
        var first = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);
        var second = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);
        var other = WaitAsync(Commands.Release("2"), Commands.Timeout, Cancel);

        _pending.NotSent(Commands.Release("1"));

        (await SoonAsync(first)).ShouldBeNull();
        (await SoonAsync(second)).ShouldBeNull();
        other.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_command_that_was_not_sent_can_be_waited_for_again()
    {
        var first = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);
        _pending.NotSent(Commands.Release("1"));
        await SoonAsync(first);
        var again = WaitAsync(Commands.Release("1"), Commands.Timeout, Cancel);
        again.IsCompleted.ShouldBeFalse();

        var reply = Commands.Completed("1");
        _pending.Complete(reply);

        (await SoonAsync(again)).ShouldBeSameAs(reply);
    }

    [Fact]
    public async Task Many_waits_and_replies_at_once_find_each_other()
    {
        var waits = Enumerable.Range(0, 2000).Select(index => WaitAsync(Commands.Release($"{index / 2}"), Commands.Timeout, Cancel)).ToList();

        Parallel.For(0, 1000, index => _pending.Complete(Commands.Completed($"{index}")));

        var replies = await Task.WhenAll(waits);
        replies.Select(reply => reply!.CommandId).ShouldBe(Enumerable.Range(0, 2000).Select(index => $"{index / 2}"));
    }

    [Fact]
    public async Task A_reply_between_two_attempts_is_not_lost()
    {
        using var pending = _pending.Join(Commands.Release("1"))!;
        _pending.NotSent(Commands.Release("1"));
        (await pending.WaitAsync(Commands.Timeout, Cancel))!.Value.Reply.ShouldBeNull();

        var reply = Commands.Completed("1");
        _pending.Complete(reply);

        (await pending.WaitAsync(TimeSpan.Zero, Cancel))!.Value.Reply.ShouldBeSameAs(reply);
    }

    [Fact]
    public async Task A_reply_takes_precedence_over_a_send_that_failed_before_it()
    {
        using var pending = _pending.Join(Commands.Release("1"))!;
        _pending.NotSent(Commands.Release("1"));
        var reply = Commands.Completed("1");
        _pending.Complete(reply);

        (await pending.WaitAsync(TimeSpan.Zero, Cancel))!.Value.Reply.ShouldBeSameAs(reply);
    }

    [Fact]
    public async Task That_the_owner_changed_is_no_end_and_is_said_once()
    {
        using var pending = _pending.Join(Commands.Release("1"))!;
        _pending.Complete(CommandReply.OwnerChanged(Commands.Release("1")));

        (await pending.WaitAsync(TimeSpan.Zero, Cancel))!.Value.Reply.ShouldBeNull();
        (await pending.WaitAsync(TimeSpan.Zero, Cancel)).ShouldBeNull();
    }

    [Fact]
    public void Another_command_does_not_join_under_the_same_id()
    {
        using var pending = _pending.Join(Commands.Step("1", """{"a":1,"b":null}"""))!;

        _pending.Join(Commands.Step("1", """{"a":2}""")).ShouldBeNull();
        _pending.Join(Commands.Step("1", """{"a":1}""") with { InstanceId = "other" }).ShouldBeNull();
        _pending.Join(Commands.Release("1")).ShouldBeNull();
        using var same = _pending.Join(Commands.Step("1", """{ "a": 1.0 }"""));
        same.ShouldNotBeNull("it means the same");
    }

    [Fact]
    public void Once_nobody_waits_an_id_may_be_another_commands()
    {
        _pending.Join(Commands.Release("1"))!.Dispose();

        using var other = _pending.Join(Commands.Step("1", "{}"));
        other.ShouldNotBeNull();
    }

    private async Task<CommandReply?> WaitAsync(Command command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var pending = _pending.Join(command)!;
        return (await pending.WaitAsync(timeout, cancellationToken))?.Reply;
    }

    private static Task<CommandReply?> SoonAsync(Task<CommandReply?> wait) => wait.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
}
