using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Routing.Sending;
using SandQueue.Routing.Tests.Sending;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;
using SandQueue.Transport;
using SandQueue.Transport.Fakes;
using SandQueue.Transport.Sending;

namespace SandQueue.Routing.Tests;

public sealed class CreateRoutingTests : RouterTest
{
    [Fact]
    public async Task A_create_goes_to_its_environments_queue_and_its_worker_is_remembered()
    {
        var created = Router.CreateAsync(Create("webshop"), Cancel);

        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Create("webshop"));
        Reply(command, owner: "w1");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();

        await AskAsync(SendAsync("made"), QueueNames.Worker("w1"), owner: "w1");
    }

    [Fact]
    public async Task A_create_goes_straight_to_a_worker_that_has_room()
    {
        await HaveRoomAsync("w3", 5);
        var created = Router.CreateAsync(Create("webshop"), Cancel);

        var (queue, command) = await NextAsync();

        queue.ShouldBe(QueueNames.Worker("w3"));
        Reply(command, owner: "w3");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_create_goes_behind_those_that_wait_in_the_shared_queue()
    {
        await HaveRoomAsync("w3", 1);
        FailOnce(QueueNames.Worker("w3"));
        var first = Router.CreateAsync(Create("webshop"), Cancel);
        (await NextAsync()).Queue.ShouldBe(QueueNames.Worker("w3"));
        var (_, waiting) = await NextAsync();
        var second = Router.CreateAsync(Create("webshop") with { InstanceId = "later" }, Cancel);

        var (queue, behind) = await NextAsync();

        queue.ShouldBe(QueueNames.Create("webshop"));
        Reply(waiting, owner: "w3");
        Reply(behind, owner: "w3");
        await Task.WhenAll(SoonAsync(first), SoonAsync(second));
        _ = Router.CreateAsync(Create("webshop") with { InstanceId = "last" }, Cancel);
        (await NextAsync()).Queue.ShouldBe(QueueNames.Worker("w3"), "nobody waits any more");
    }

    [Fact]
    public async Task Workers_get_creates_by_the_room_they_have()
    {
        await HaveRoomAsync("full", 0);
        await HaveRoomAsync("small", 30);
        await HaveRoomAsync("large", 70);
        var to = new Dictionary<string, int>();
        for (var create = 0; create < 60; create++)
        {
            var created = Router.CreateAsync(Create("webshop"), Cancel);
            var (queue, command) = await NextAsync();
            to[queue] = to.GetValueOrDefault(queue) + 1;
            Reply(command, owner: null);
            await SoonAsync(created);
        }

        to.Keys.ShouldBe([QueueNames.Worker("small"), QueueNames.Worker("large")], ignoreOrder: true);
        to[QueueNames.Worker("large")].ShouldBeInRange(25, 59);
    }

    [Fact]
    public async Task A_create_whose_worker_is_gone_goes_to_the_queue_that_workers_share()
    {
        await HaveRoomAsync("w3", 5);
        FailOnce(QueueNames.Worker("w3"));
        var created = Router.CreateAsync(Create("webshop"), Cancel);
        (await NextAsync()).Queue.ShouldBe(QueueNames.Worker("w3"));

        var (queue, command) = await NextAsync();

        queue.ShouldBe(QueueNames.Create("webshop"));
        Reply(command, owner: "w1");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_create_that_was_lost_with_its_worker_is_sent_to_the_shared_queue_once()
    {
        await HaveRoomAsync("w3", 5);
        var created = Router.CreateAsync(Create("webshop") with { RemainingMs = 60_000 }, Cancel);
        (await NextAwaitedAsync()).Queue.ShouldBe(QueueNames.Worker("w3"));

        await PassAsync(TimeSpan.FromSeconds(4));

        var (queue, command) = await NextAwaitedAsync();
        queue.ShouldBe(QueueNames.Create("webshop"));
        await PassAsync(TimeSpan.FromSeconds(11));
        Messages.HasMore.ShouldBeFalse("it waits in a queue that outlives workers");
        Reply(command, owner: "w1");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task An_environment_nobody_serves_is_refused_with_those_that_are()
    {
        var rejected = (await Router.CreateAsync(Create("nope"), Cancel)).ShouldBeOfType<CommandOutcome.Rejected>();
        rejected.Reason.ShouldBe(CommandReason.InvalidRequest);
        rejected.Detail.ShouldContain("bfcl, webshop");
        Messages.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_any_worker_there_is_no_capacity()
    {
        foreach (var worker in (string[])["w1", "w2"]) await Store.Get<WorkerDirectory>().EndLeaseAsync(worker, Cancel);
        (await Router.CreateAsync(Create("bfcl"), Cancel)).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.NoCapacity);
    }

    [Fact]
    public async Task A_create_waits_once_and_its_end_is_looked_up_meanwhile()
    {
        var create = Create("bfcl") with { RemainingMs = 60_000 };
        var created = Router.CreateAsync(create, Cancel);
        await NextAwaitedAsync();

        for (var interval = 0; interval < 3; interval++) await PassAsync(TimeSpan.FromSeconds(11));
        Messages.HasMore.ShouldBeFalse("a copy would be a full farm's own load");

        var entry = new JournalEntry { Tenant = "a", CommandId = create.CommandId, Kind = JournalKind.Create, End = CommandEnd.Completed, Answer = [1] };
        await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, null), Cancel);
        Store.Time.Advance(TimeSpan.FromSeconds(11));
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_create_without_a_reply_goes_to_the_worker_that_began_on_it()
    {
        var created = Router.CreateAsync(Create("bfcl") with { RemainingMs = 60_000 }, Cancel);
        await NextAwaitedAsync();
        await ClaimAsync("made", owner: "w2");

        await PassAsync(TimeSpan.FromSeconds(11));

        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Worker("w2"));
        Reply(command, owner: "w2");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_create_that_nobody_can_find_again_is_cancelled_when_its_caller_hangs_up()
    {
        using var caller = new CancellationTokenSource();
        var create = Create("bfcl") with { HasNoIdempotencyKey = true };
        var created = Router.CreateAsync(create, caller.Token);
        await NextAsync();

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(created);
        await Until.TrueAsync("the create is cancelled", async () => (await EndAsync(create))?.End == CommandEnd.Cancelled, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_create_with_a_key_goes_on_when_its_caller_hangs_up()
    {
        using var caller = new CancellationTokenSource();
        var create = Create("bfcl");
        var created = Router.CreateAsync(create, caller.Token);
        await NextAsync();

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(created);
        (await EndAsync(create)).ShouldBeNull();
    }

    [Fact]
    public async Task An_instance_that_was_made_before_its_caller_hung_up_is_released()
    {
        using var caller = new CancellationTokenSource();
        var create = Create("bfcl") with { HasNoIdempotencyKey = true };
        var created = Router.CreateAsync(create, caller.Token);
        await NextAsync();
        await ClaimAsync("made", owner: "w2");
        var entry = new JournalEntry { Tenant = "a", CommandId = create.CommandId, Kind = JournalKind.Create, End = CommandEnd.Completed, Answer = [1] };
        await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, null), Cancel);

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(created);
        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Worker("w2"));
        command.ShouldBeOfType<ReleaseInstance>().InstanceId.ShouldBe("made");
    }

    [Fact]
    public async Task Its_release_is_tried_again_until_it_is_executed()
    {
        var create = Create("bfcl") with { HasNoIdempotencyKey = true };
        await ClaimAsync("made", owner: "w2");
        var entry = new JournalEntry { Tenant = "a", CommandId = create.CommandId, Kind = JournalKind.Create, End = CommandEnd.Completed, Answer = [1] };
        await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, null), Cancel);

        Router.ReportUndelivered(create);

        var (_, first) = await NextAsync();
        Command? second = null;
        await Until.TrueAsync(
            "another release is sent, as the first has expired",
            async () =>
            {
                Store.Time.Advance(TimeSpan.FromSeconds(1));
                while (Messages.HasMore && second is null) second = (await NextAsync()).Command is ReleaseInstance { CommandId: var id } next && id != first.CommandId ? next : null;
                return second is not null;
            },
            TimeSpan.FromSeconds(20));
        (await EndAsync(first)).ShouldNotBeNull().End.ShouldBe(CommandEnd.Expired);
        second.ShouldBeOfType<ReleaseInstance>().InstanceId.ShouldBe("made");
    }

    [Fact]
    public async Task A_create_that_found_no_capacity_is_tried_again_under_the_same_key()
    {
        var create = Create("bfcl");
        await Store.Get<CommandEnds>().RecordAsync(create, CommandReply.Rejected(create, CommandReason.NoCapacity, "no capacity"), Cancel);

        var created = Router.CreateAsync(create with { InstanceId = "another-name" }, Cancel);

        var (queue, again) = await NextAsync();
        (queue, again.CommandId).ShouldBe((QueueNames.Create("bfcl"), create.CommandId));
        (await EndAsync(create)).ShouldBeNull("a worker may make the instance");
        Reply(again, owner: "w1");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_create_whose_request_was_wrong_is_tried_again_under_the_same_key_with_another()
    {
        var create = Create("bfcl");
        await Store.Get<CommandEnds>().RecordAsync(create, CommandReply.Rejected(create, CommandReason.InvalidRequest, "no such task"), Cancel);

        var created = Router.CreateAsync(create with { TaskId = "another" }, Cancel);

        var (_, again) = await NextAsync();
        again.ShouldBeOfType<CreateInstance>().TaskId.ShouldBe("another");
        (await EndAsync(again)).ShouldBeNull("a worker may make the instance");
        Reply(again, owner: "w1");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_create_that_was_made_gets_its_answer_without_a_message()
    {
        var create = Create("bfcl");
        var entry = new JournalEntry { Tenant = "a", CommandId = create.CommandId, Kind = JournalKind.Create, End = CommandEnd.Completed, Answer = [1] };
        await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, null), Cancel);

        (await SoonAsync(Router.CreateAsync(create, Cancel))).ShouldBeOfType<CommandOutcome.Completed>().Answer.ShouldBe([1]);

        Messages.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task A_create_is_sent_though_its_end_cannot_be_looked_up_first()
    {
        await Store.BreakAsync("journal");
        var created = Router.CreateAsync(Create("bfcl"), Cancel);
        var (_, command) = await NextAsync();
        Reply(command, owner: "w1");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Theory]
    [InlineData(CommandReason.NoCapacity)]
    [InlineData(CommandReason.InvalidRequest)]
    public async Task A_late_refusal_of_the_attempt_before_is_the_end_of_this_one_too(CommandReason reason)
    {
        var create = Create("bfcl");
        var refused = CommandReply.Rejected(create, reason, "refused") with { Owner = "w1" };
        await Store.Get<CommandEnds>().RecordAsync(create, refused, Cancel);
        var created = Router.CreateAsync(create, Cancel);
        await NextAsync();

        Services.GetRequiredService<PendingCommands>().Complete(refused);

        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(reason);
        (await EndAsync(create)).ShouldNotBeNull("what was sent must not take effect any more").Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task A_create_whose_end_could_not_be_looked_up_waits_on_and_is_not_sent_again()
    {
        var create = Create("bfcl") with { RemainingMs = 3_600_000 };
        var created = Router.CreateAsync(create, Cancel);
        await NextAsync();
        await Store.BreakAsync("journal");
        await LookAgainAsync();
        await Store.RestoreAsync("journal");
        await LookAgainAsync();

        Messages.HasMore.ShouldBeFalse("it waits in its queue");
        Reply(create, owner: "w1");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_create_of_unknown_end_that_nobody_can_find_again_is_cancelled_once_the_database_is_back()
    {
        var create = Create("bfcl") with { HasNoIdempotencyKey = true, RemainingMs = 4_000 };
        var created = Router.CreateAsync(create, Cancel);
        await NextAsync();
        await Store.BreakAsync("journal");
        Store.Time.Advance(TimeSpan.FromSeconds(5));
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Unknown>();

        await Store.RestoreAsync("journal");

        await Until.TrueAsync("the create is cancelled", () => CancelledAsync(create), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_create_of_unknown_end_with_a_key_goes_on()
    {
        var create = Create("bfcl") with { RemainingMs = 4_000 };
        var created = Router.CreateAsync(create, Cancel);
        await NextAsync();
        await Store.BreakAsync("journal");
        Store.Time.Advance(TimeSpan.FromSeconds(5));

        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Unknown>();

        await Store.RestoreAsync("journal");
        Store.Time.Advance(TimeSpan.FromSeconds(5));
        (await EndAsync(create)).ShouldBeNull();
    }

    private async Task<bool> CancelledAsync(CreateInstance create)
    {
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        return (await EndAsync(create))?.End == CommandEnd.Cancelled;
    }

    private Task HaveRoomAsync(string worker, int slots) => Store.RegisterAsync(worker, GatewayStore.Describe("webshop"), slots, null, new EnvironmentCapacity("webshop", slots, 0));
}
