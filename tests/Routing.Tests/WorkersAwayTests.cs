using Microsoft.Extensions.DependencyInjection;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Transport.Sending;

namespace SandQueue.Routing.Tests;

/// <summary>Commands whose environment nobody serves for a while: what was sent before may take effect, so no refusal is its end.</summary>
public sealed class WorkersAwayTests : RouterTest
{
    [Fact]
    public async Task A_create_that_may_have_been_sent_is_not_refused_as_its_workers_are_away()
    {
        await ClaimAsync("other", owner: "w1");
        LeaveWith(QueueNames.Create("bfcl"));

        var created = Router.CreateAsync(Create("bfcl"), Cancel);

        await NextAsync();
        var (queue, again) = await NextAsync();
        queue.ShouldBe(QueueNames.Create("bfcl"));
        Reply(again, owner: "w3");
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_step_that_may_have_been_sent_is_not_refused_as_its_workers_are_away()
    {
        await ClaimAsync("i", owner: "w1");
        LeaveWith(QueueNames.Worker("w1"));

        var sent = SendAsync("i");

        var (_, command) = await NextAsync();
        await PassAsync(TimeSpan.FromSeconds(4));
        sent.IsCompleted.ShouldBeFalse();
        Reply(command, owner: "w1");
        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task An_environment_that_a_worker_is_about_to_serve_has_no_capacity_yet()
    {
        await Store.RegisterAsync("starting", "[]", capacity: new EnvironmentCapacity("countdown", 0, 0));

        var refused = (await SoonAsync(Router.CreateAsync(Create("countdown"), Cancel))).ShouldBeOfType<CommandOutcome.Rejected>();

        (refused.Reason, refused.Detail).ShouldBe((CommandReason.NoCapacity, "no living worker serves 'countdown' now; try again"));
    }

    [Fact]
    public async Task An_environment_whose_workers_died_has_no_capacity_and_is_not_unknown()
    {
        await Store.Get<WorkerDirectory>().EndLeaseAsync("w1", Cancel);

        (await SoonAsync(Router.CreateAsync(Create("webshop"), Cancel))).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.NoCapacity);
        (await SoonAsync(Router.CreateAsync(Create("wepshop"), Cancel))).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.InvalidRequest);
    }

    [Fact]
    public async Task A_step_that_is_sent_again_by_its_number_gets_its_answer_after_the_instance_has_ended()
    {
        var row = await ClaimAsync("i", owner: "w1");
        var entry = new JournalEntry
        {
            Tenant = "a", CommandId = "first", EpisodeId = row.EpisodeId, Step = 1, Kind = JournalKind.Step, End = CommandEnd.Completed, Action = """{"a":1}"""u8.ToArray(), Answer = [7],
        };
        await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row) with { NextStep = row.NextStep + 1 }), Cancel);
        await Store.Get<InstanceDirectory>().EndAsync(row.EpisodeId, row.Epoch, InstanceState.Lost, "was lost", 5, Cancel);

        (await SoonAsync(StepAsync("""{ "a": 1 }"""u8, 1))).ShouldBeOfType<CommandOutcome.Completed>().Answer.ShouldBe([7]);
        (await SoonAsync(StepAsync("""{"a":2}"""u8, 1))).ShouldBeOfType<CommandOutcome.Rejected>("another action").Reason.ShouldBe(CommandReason.Lost);
        (await SoonAsync(StepAsync("""{"a":1}"""u8, 2))).ShouldBeOfType<CommandOutcome.Rejected>("not taken").Reason.ShouldBe(CommandReason.Lost);
    }

    private Task<CommandOutcome> StepAsync(ReadOnlySpan<byte> action, int number) => Router.SendAsync(
        new StepInstance { CommandId = NewId(), Tenant = "a", RemainingMs = 20_000, InstanceId = "i", Action = action.ToArray(), ExpectedStep = number }, Cancel);

    /// <summary>The next message to a queue is not confirmed, and no worker lives from then on.</summary>
    private void LeaveWith(string queue) => Messages.Sending = async sent =>
    {
        if (sent.Destination != queue) return;
        Messages.Sending = _ => Task.CompletedTask;
        foreach (var worker in (string[])["w1", "w2"]) await Store.Get<WorkerDirectory>().EndLeaseAsync(worker, Cancel);
        Store.Time.Advance(TimeSpan.FromSeconds(11));
        throw new MessageNotSentException("a message was not confirmed in time", new TimeoutException());
    };
}
