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

public sealed class CommandRouterTests : RouterTest
{
    [Fact]
    public async Task A_command_goes_to_its_instances_owner_and_comes_back_with_the_reply()
    {
        await ClaimAsync("i", owner: "w2");
        var sent = SendAsync("i");

        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Worker("w2"));
        Reply(command, owner: "w2");

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task Commands_that_came_together_travel_in_one_message_to_each_worker_and_end_alone()
    {
        foreach (var (instance, owner) in ((string, string)[])[("i", "w1"), ("j", "w2"), ("k", "w1")]) await ClaimAsync(instance, owner);
        foreach (var (instance, owner) in ((string, string)[])[("i", "w1"), ("j", "w2"), ("k", "w1")]) await AskAsync(SendAsync(instance), QueueNames.Worker(owner), owner);

        List<Task<CommandOutcome>> sent = [];
        Router.Together(() =>
        {
            foreach (var instance in (string[])["i", "j", "k"]) sent.Add(SendAsync(instance));
            Messages.HasMore.ShouldBeFalse("they leave together");
        });

        var messages = new[] { await Messages.NextAsync(), await Messages.NextAsync() }.ToDictionary(message => message.Destination, message => ((Envelope<StepInstance>)message.Message).Commands);
        messages[QueueNames.Worker("w1")].Select(command => command.InstanceId).ShouldBe(["i", "k"]);
        var last = messages[QueueNames.Worker("w2")].ShouldHaveSingleItem();
        Reply(last, owner: "w2");
        (await SoonAsync(sent[1])).ShouldBeOfType<CommandOutcome.Completed>();
        sent[0].IsCompleted.ShouldBeFalse();
        foreach (var command in messages[QueueNames.Worker("w1")]) Reply(command, owner: "w1");
        foreach (var step in sent) (await SoonAsync(step)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task What_came_together_is_sent_though_sending_the_rest_of_it_fails()
    {
        await ClaimAsync("i", owner: "w1");
        await AskAsync(SendAsync("i"), QueueNames.Worker("w1"), owner: "w1");
        Task<CommandOutcome>? sent = null;

        Should.Throw<InvalidOperationException>(() => Router.Together(() =>
        {
            sent = SendAsync("i");
            throw new InvalidOperationException("the next one is wrong");
        }));

        Reply((await NextAsync()).Command, owner: "w1");
        (await SoonAsync(sent!)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    /// <summary>A timer, a token and their memory a step were a measurable part of a gateway.</summary>
    [Fact]
    public async Task A_command_whose_owner_is_known_waits_with_one_timer()
    {
        await ClaimAsync("i", owner: "w1");
        await AskAsync(SendAsync("i"), QueueNames.Worker("w1"), owner: "w1");
        var before = Store.Time.Timers;

        await AskAsync(SendAsync("i"), QueueNames.Worker("w1"), owner: "w1");

        (Store.Time.Timers - before).ShouldBe(1);
    }

    [Fact]
    public async Task Whoever_answered_last_is_asked_next()
    {
        var row = await ClaimAsync("i", owner: "w2");
        await AskAsync(SendAsync("i"), QueueNames.Worker("w2"), owner: "w1");
        await AskAsync(SendAsync("i"), QueueNames.Worker("w1"), owner: "w1");

        // Not even a look into the database: there the owner is still another.
        (await Store.Get<InstanceDirectory>().FindLivingAsync("a", "i", Cancel))!.Owner.ShouldBe(row.Owner);
    }

    [Fact]
    public async Task While_the_database_is_away_a_command_still_goes_to_the_owner_that_answered_last()
    {
        await ClaimAsync("i", owner: "w2");
        await AskAsync(SendAsync("i"), QueueNames.Worker("w2"), owner: "w2");
        await Store.BreakAsync();
        Store.Time.Advance(TimeSpan.FromSeconds(30));

        await AskAsync(SendAsync("i"), QueueNames.Worker("w2"), owner: "w2");
    }

    [Fact]
    public async Task Silence_is_asked_again_under_the_same_id_with_the_time_that_remains()
    {
        await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i", remainingMs: 60_000);
        var (_, first) = await NextAwaitedAsync();
        first.RemainingMs.ShouldBeInRange(59_000, 60_001);

        Store.Time.Advance(TimeSpan.FromSeconds(10));

        var (queue, second) = await NextAsync();
        (queue, second.CommandId).ShouldBe((QueueNames.Worker("w1"), first.CommandId));
        second.RemainingMs.ShouldBeInRange(49_000, 50_001);
        Reply(second, owner: "w1");
        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_command_whose_owner_died_meanwhile_goes_to_the_shared_entry()
    {
        await ClaimAsync("i", owner: "w2");
        var sent = SendAsync("i", remainingMs: 60_000);
        (await NextAwaitedAsync()).Queue.ShouldBe(QueueNames.Worker("w2"));
        await Store.Get<WorkerDirectory>().EndLeaseAsync("w2", Cancel);

        Store.Time.Advance(TimeSpan.FromSeconds(10));

        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Entry("bfcl"));
        Reply(command, owner: "w1");
        await SoonAsync(sent);
        await AskAsync(SendAsync("i"), QueueNames.Worker("w1"), owner: "w1");
    }

    [Fact]
    public async Task A_command_for_an_instance_of_a_worker_that_speaks_otherMessages_is_told_so_at_once_and_has_no_end()
    {
        await RegisterLaterVersionAsync();
        await ClaimAsync("i", owner: "later");

        var failed = (await SoonAsync(SendAsync("i", commandId: "c"))).ShouldBeOfType<CommandOutcome.Failed>();

        (failed.Reason, failed.Cause).ShouldBe((CommandReason.OtherVersion, FailureCause.Infrastructure));
        failed.Detail.ShouldBe(
            $"instance 'i' is owned by a living worker of version 1, which speaks messages {QueueNames.ContractVersion + 1}, not {QueueNames.ContractVersion}; " +
            "send the command again under the same id, through a gateway of that version or once that worker was drained or updated");
        Messages.HasMore.ShouldBeFalse();

        await Store.Get<WorkerDirectory>().EndLeaseAsync("later", Cancel);
        Store.Time.Advance(TimeSpan.FromSeconds(10));
        var again = SendAsync("i", commandId: "c");
        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Entry("bfcl"));
        Reply(command, owner: "w1");
        (await SoonAsync(again)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_command_that_took_effect_gets_its_answer_whateverMessages_its_instances_worker_speaks()
    {
        await RegisterLaterVersionAsync();
        var row = await ClaimAsync("i", owner: "later");
        var entry = new JournalEntry { Tenant = "a", CommandId = "c", EpisodeId = row.EpisodeId, Kind = JournalKind.Step, End = CommandEnd.Completed, Answer = [1] };
        await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row)), Cancel);

        (await SoonAsync(SendAsync("i", commandId: "c"))).ShouldBeOfType<CommandOutcome.Completed>();
        Messages.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task A_queue_that_is_gone_is_tried_again_a_moment_later()
    {
        await ClaimAsync("i", owner: "w2");
        FailOnce(QueueNames.Worker("w2"));
        var sent = SendAsync("i");
        await NextAsync();

        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Worker("w2"));
        Reply(command, owner: "w2");
        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_command_without_an_answer_in_its_time_is_ended_here()
    {
        await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i", remainingMs: 5_000);
        var (_, command) = await NextAwaitedAsync();

        Store.Time.Advance(TimeSpan.FromSeconds(6));

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Expired>();
        (await Store.Get<EpisodeReader>().FindCommandAsync("a", command.CommandId, Cancel))!.End.ShouldBe(CommandEnd.Expired);
    }

    [Fact]
    public async Task An_answer_that_only_the_journal_has_is_found_there()
    {
        var row = await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i", remainingMs: 5_000);
        var (_, command) = await NextAwaitedAsync();
        var entry = new JournalEntry { Tenant = "a", CommandId = command.CommandId, EpisodeId = row.EpisodeId, Kind = JournalKind.Step, End = CommandEnd.Completed, Answer = [1] };
        await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row)), Cancel);

        Store.Time.Advance(TimeSpan.FromSeconds(6));

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>().Answer.Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_nobody_made_and_what_ended_is_refused_without_a_message()
    {
        (await SendAsync("never")).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.UnknownInstance);
        var row = await ClaimAsync("i", owner: "w1");
        await Store.Get<InstanceDirectory>().EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "was released", 9, Cancel);
        (await SendAsync("i")).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.Released);
        Messages.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Tasks_are_listed_by_whoever_serves_the_environment()
    {
        var listed = Router.ListTasksAsync(new ListTasks { CommandId = NewId(), Tenant = "a", RemainingMs = 20_000, EnvType = "bfcl", Split = "train" }, Cancel);
        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Entry("bfcl"));
        Reply(command, owner: null);
        (await SoonAsync(listed)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task Two_different_commands_under_one_id_at_the_same_time_are_one_command_and_one_conflict()
    {
        await ClaimAsync("i", owner: "w2");
        await ClaimAsync("j", owner: "w2");
        var first = SendAsync("i", commandId: "same");
        var (_, command) = await NextAsync();

        var second = (await SoonAsync(SendAsync("j", commandId: "same"))).ShouldBeOfType<CommandOutcome.Rejected>();

        second.Reason.ShouldBe(CommandReason.Conflict);
        Reply(command, owner: "w2");
        (await SoonAsync(first)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_refusal_that_comes_late_is_the_end_of_the_command_that_it_is_told_to()
    {
        await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i", commandId: "k");
        var (_, command) = await NextAsync();

        // Of another request under the same key, which was refused before.
        Services.GetRequiredService<PendingCommands>().Complete(CommandReply.Rejected(command, CommandReason.InvalidRequest, "wrong") with { Owner = "w1" });

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.InvalidRequest);
        (await EndAsync(command)).ShouldNotBeNull("what was sent must not take effect any more").Reason.ShouldBe(CommandReason.InvalidRequest);
    }

    [Fact]
    public async Task An_answer_that_no_message_can_carry_is_read_from_the_journal()
    {
        var row = await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i");
        var (_, command) = await NextAsync();
        var entry = new JournalEntry { Tenant = "a", CommandId = command.CommandId, EpisodeId = row.EpisodeId, Kind = JournalKind.Step, End = CommandEnd.Completed, Answer = [1, 2, 3] };
        await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row)), Cancel);

        Services.GetRequiredService<PendingCommands>().Complete(CommandReply.Completed(command, []) with { AnswerIsTooLarge = true, Owner = "w1" });

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>().Answer.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task So_is_the_answer_of_a_step_that_was_repeated_by_its_number_and_has_no_row_of_that_id()
    {
        var row = await ClaimAsync("i", owner: "w1");
        var entry = new JournalEntry
        {
            Tenant = "a", CommandId = "first", EpisodeId = row.EpisodeId, Step = 1, Kind = JournalKind.Step, End = CommandEnd.Completed, Action = "{}"u8.ToArray(), Answer = [1, 2, 3],
        };
        await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row) with { NextStep = row.NextStep + 1 }), Cancel);
        var sent = Router.SendAsync(new StepInstance { CommandId = NewId(), Tenant = "a", RemainingMs = 20_000, InstanceId = "i", Action = "{}"u8.ToArray(), ExpectedStep = 1 }, Cancel);
        var (_, command) = await NextAsync();

        Services.GetRequiredService<PendingCommands>().Complete(CommandReply.Completed(command, []) with { AnswerIsTooLarge = true, Owner = "w1" });

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>().Answer.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_listing_that_no_message_can_carry_is_a_failure()
    {
        var listed = Router.ListTasksAsync(new ListTasks { CommandId = NewId(), Tenant = "a", RemainingMs = 20_000, EnvType = "bfcl", Split = "train" }, Cancel);
        var (_, command) = await NextAsync();

        Services.GetRequiredService<PendingCommands>().Complete(CommandReply.Completed(command, []) with { AnswerIsTooLarge = true, Detail = "17 MB" });

        (await SoonAsync(listed)).ShouldBeOfType<CommandOutcome.Failed>().Detail.ShouldContain("17 MB");
    }
}
