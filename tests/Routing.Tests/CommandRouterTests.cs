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

public sealed class CommandRouterTests : IAsyncLifetime
{
    private readonly GatewayStore _store = new();
    private readonly FakeMessageSender _messages = new();
    private ServiceProvider _services = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ICommandRouter Router => _services.GetRequiredService<ICommandRouter>();

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_store.Time);
        services.AddSingleton(_store.Get<WorkerDirectory>()).AddSingleton(_store.Get<InstanceDirectory>());
        services.AddSingleton(_store.Get<CommandEnds>());
        services.AddTransport(new TransportOptions(), bus => bus.AddReplyConsumer());
        services.AddCommandRouter().AddSingleton<IMessageSender>(_messages);
        _services = services.BuildServiceProvider();
        foreach (var hosted in _services.GetServices<IHostedService>()) await hosted.StartAsync(CancellationToken.None);
        await _store.RegisterAsync("w1", GatewayStore.Describe("bfcl", "webshop"));
        await _store.RegisterAsync("w2", GatewayStore.Describe("bfcl"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hosted in _services.GetServices<IHostedService>().Reverse()) await hosted.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
        await _store.DisposeAsync();
    }

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
    public async Task Whoever_answered_last_is_asked_next()
    {
        var row = await ClaimAsync("i", owner: "w2");
        await AskAsync(SendAsync("i"), QueueNames.Worker("w2"), owner: "w1");
        await AskAsync(SendAsync("i"), QueueNames.Worker("w1"), owner: "w1");

        // Not even a look into the database: there the owner is still another.
        (await _store.Get<InstanceDirectory>().FindLivingAsync("a", "i", Cancel))!.Owner.ShouldBe(row.Owner);
    }

    [Fact]
    public async Task While_the_database_is_away_a_command_still_goes_to_the_owner_that_answered_last()
    {
        await ClaimAsync("i", owner: "w2");
        await AskAsync(SendAsync("i"), QueueNames.Worker("w2"), owner: "w2");
        await _store.BreakAsync();
        _store.Time.Advance(TimeSpan.FromSeconds(30));

        await AskAsync(SendAsync("i"), QueueNames.Worker("w2"), owner: "w2");
    }

    [Fact]
    public async Task Silence_is_asked_again_under_the_same_id_with_the_time_that_remains()
    {
        await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i", remainingMs: 60_000);
        var (_, first) = await NextAsync();
        first.RemainingMs.ShouldBeInRange(59_000, 60_001);

        _store.Time.Advance(TimeSpan.FromSeconds(10));

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
        (await NextAsync()).Queue.ShouldBe(QueueNames.Worker("w2"));
        await _store.Get<WorkerDirectory>().EndLeaseAsync("w2", Cancel);

        _store.Time.Advance(TimeSpan.FromSeconds(10));

        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Entry("bfcl"));
        Reply(command, owner: "w1");
        await SoonAsync(sent);
        await AskAsync(SendAsync("i"), QueueNames.Worker("w1"), owner: "w1");
    }

    [Fact]
    public async Task A_command_for_an_instance_of_a_worker_that_speaks_other_messages_is_told_so_at_once_and_has_no_end()
    {
        await RegisterLaterVersionAsync();
        await ClaimAsync("i", owner: "later");

        var failed = (await SoonAsync(SendAsync("i", commandId: "c"))).ShouldBeOfType<CommandOutcome.Failed>();

        (failed.Reason, failed.Cause).ShouldBe((CommandReason.OtherVersion, FailureCause.Infrastructure));
        failed.Detail.ShouldBe(
            $"instance 'i' is owned by a living worker of version 1, which speaks messages {QueueNames.ContractVersion + 1}, not {QueueNames.ContractVersion}; " +
            "send the command again under the same id, through a gateway of that version or once that worker was drained or updated");
        _messages.HasMore.ShouldBeFalse();

        await _store.Get<WorkerDirectory>().EndLeaseAsync("later", Cancel);
        _store.Time.Advance(TimeSpan.FromSeconds(10));
        var again = SendAsync("i", commandId: "c");
        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Entry("bfcl"));
        Reply(command, owner: "w1");
        (await SoonAsync(again)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_command_that_took_effect_gets_its_answer_whatever_messages_its_instances_worker_speaks()
    {
        await RegisterLaterVersionAsync();
        var row = await ClaimAsync("i", owner: "later");
        var entry = new JournalEntry { Tenant = "a", CommandId = "c", EpisodeId = row.EpisodeId, Kind = JournalKind.Step, End = CommandEnd.Completed, Answer = [1] };
        await _store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row)), Cancel);

        (await SoonAsync(SendAsync("i", commandId: "c"))).ShouldBeOfType<CommandOutcome.Completed>();
        _messages.HasMore.ShouldBeFalse();
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
        var (_, command) = await NextAsync();

        _store.Time.Advance(TimeSpan.FromSeconds(6));

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Expired>();
        (await _store.Get<EpisodeReader>().FindCommandAsync("a", command.CommandId, Cancel))!.End.ShouldBe(CommandEnd.Expired);
    }

    [Fact]
    public async Task An_answer_that_only_the_journal_has_is_found_there()
    {
        var row = await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i", remainingMs: 5_000);
        var (_, command) = await NextAsync();
        var entry = new JournalEntry { Tenant = "a", CommandId = command.CommandId, EpisodeId = row.EpisodeId, Kind = JournalKind.Step, End = CommandEnd.Completed, Answer = [1] };
        await _store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row)), Cancel);

        _store.Time.Advance(TimeSpan.FromSeconds(6));

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>().Answer.Length.ShouldBe(1);
    }

    [Fact]
    public async Task What_nobody_made_and_what_ended_is_refused_without_a_message()
    {
        (await SendAsync("never")).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.UnknownInstance);
        var row = await ClaimAsync("i", owner: "w1");
        await _store.Get<InstanceDirectory>().EndAsync(row.EpisodeId, row.Epoch, InstanceState.Released, "was released", 9, Cancel);
        (await SendAsync("i")).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.Released);
        _messages.HasMore.ShouldBeFalse();
    }

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
    public async Task An_environment_nobody_serves_is_refused_with_those_that_are()
    {
        var rejected = (await Router.CreateAsync(Create("nope"), Cancel)).ShouldBeOfType<CommandOutcome.Rejected>();
        rejected.Reason.ShouldBe(CommandReason.InvalidRequest);
        rejected.Detail.ShouldContain("bfcl, webshop");
        _messages.HasMore.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_any_worker_there_is_no_capacity()
    {
        foreach (var worker in (string[])["w1", "w2"]) await _store.Get<WorkerDirectory>().EndLeaseAsync(worker, Cancel);
        (await Router.CreateAsync(Create("bfcl"), Cancel)).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.NoCapacity);
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
    public async Task A_create_waits_once_and_its_end_is_looked_up_meanwhile()
    {
        var create = Create("bfcl") with { RemainingMs = 60_000 };
        var created = Router.CreateAsync(create, Cancel);
        await NextAsync();

        for (var interval = 0; interval < 3; interval++) await PassAsync(TimeSpan.FromSeconds(11));
        _messages.HasMore.ShouldBeFalse("a copy would be a full farm's own load");

        var entry = new JournalEntry { Tenant = "a", CommandId = create.CommandId, Kind = JournalKind.Create, End = CommandEnd.Completed, Answer = [1] };
        await _store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, null), Cancel);
        _store.Time.Advance(TimeSpan.FromSeconds(11));
        (await SoonAsync(created)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    [Fact]
    public async Task A_create_without_a_reply_goes_to_the_worker_that_began_on_it()
    {
        var created = Router.CreateAsync(Create("bfcl") with { RemainingMs = 60_000 }, Cancel);
        await NextAsync();
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
        await _store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, null), Cancel);

        await caller.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(created);
        var (queue, command) = await NextAsync();
        queue.ShouldBe(QueueNames.Worker("w2"));
        command.ShouldBeOfType<ReleaseInstance>().InstanceId.ShouldBe("made");
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
    public async Task An_answer_that_no_message_can_carry_is_read_from_the_journal()
    {
        var row = await ClaimAsync("i", owner: "w1");
        var sent = SendAsync("i");
        var (_, command) = await NextAsync();
        var entry = new JournalEntry { Tenant = "a", CommandId = command.CommandId, EpisodeId = row.EpisodeId, Kind = JournalKind.Step, End = CommandEnd.Completed, Answer = [1, 2, 3] };
        await _store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row)), Cancel);

        _services.GetRequiredService<PendingCommands>().Complete(CommandReply.Completed(command, []) with { AnswerIsTooLarge = true, Owner = "w1" });

        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>().Answer.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_listing_that_no_message_can_carry_is_a_failure()
    {
        var listed = Router.ListTasksAsync(new ListTasks { CommandId = NewId(), Tenant = "a", RemainingMs = 20_000, EnvType = "bfcl", Split = "train" }, Cancel);
        var (_, command) = await NextAsync();

        _services.GetRequiredService<PendingCommands>().Complete(CommandReply.Completed(command, []) with { AnswerIsTooLarge = true, Detail = "17 MB" });

        (await SoonAsync(listed)).ShouldBeOfType<CommandOutcome.Failed>().Detail.ShouldContain("17 MB");
    }

    private Task<CommandReply?> EndAsync(Command command) => _store.Get<CommandEnds>().FindAsync(command, Cancel);

    /// <summary>Lets an interval pass, and returns when the router waits for the next: for its command's time, and for the reply.</summary>
    private async Task PassAsync(TimeSpan interval)
    {
        var before = _store.Time.Timers;
        _store.Time.Advance(interval);
        await Until.TrueAsync("the router waits again", () => Task.FromResult(_store.Time.Timers >= before + 2), TimeSpan.FromSeconds(20));
    }

    private static string NewId() => Guid.NewGuid().ToString("n");

    private static CreateInstance Create(string environment) =>
        new() { CommandId = NewId(), Tenant = "a", RemainingMs = 20_000, InstanceId = "made", EnvType = environment, TaskId = "t" };

    /// <summary>The next command that is sent, and its queue. None of these tests sends two at once.</summary>
    private async Task<(string Queue, Command Command)> NextAsync()
    {
        var sent = await _messages.NextAsync();
        return (sent.Destination, sent.Message switch
        {
            Envelope<StepInstance> envelope => envelope.Commands.Single(),
            Envelope<CreateInstance> envelope => envelope.Commands.Single(),
            Envelope<ReleaseInstance> envelope => envelope.Commands.Single(),
            Envelope<ListTasks> envelope => envelope.Commands.Single(),
            var command => (Command)command,
        });
    }

    /// <summary>The queue is gone for the next message, and there again for those after it.</summary>
    private void FailOnce(string queue) => _messages.Sending = sent =>
    {
        if (sent.Destination != queue) return Task.CompletedTask;
        _messages.Sending = _ => Task.CompletedTask;
        return Task.FromException(new MessageReturnedException("the queue is gone"));
    };

    private static Task<CommandOutcome> SoonAsync(Task<CommandOutcome> reply) => reply.WaitAsync(TimeSpan.FromSeconds(20), Cancel);

    private Task RegisterLaterVersionAsync() => _store.RegisterAsync("later", GatewayStore.Describe("bfcl"), contract: QueueNames.ContractVersion + 1);

    private Task<CommandOutcome> SendAsync(string instanceId, int remainingMs = 20_000, string? commandId = null) => Router.SendAsync(
        new StepInstance { CommandId = commandId ?? NewId(), Tenant = "a", RemainingMs = remainingMs, InstanceId = instanceId, Action = [] },
        Cancel);

    private async Task AskAsync(Task<CommandOutcome> sent, string queue, string owner)
    {
        var (to, command) = await NextAsync();
        to.ShouldBe(queue);
        Reply(command, owner);
        (await SoonAsync(sent)).ShouldBeOfType<CommandOutcome.Completed>();
    }

    private void Reply(Command command, string? owner) => _services.GetRequiredService<PendingCommands>().Complete(
        new CommandReply { CommandId = command.CommandId, Tenant = command.Tenant, End = CommandEnd.Completed, Owner = owner });

    private async Task<Instance> ClaimAsync(string instanceId, string owner)
    {
        var row = new Instance { Tenant = "a", InstanceId = instanceId, EnvType = "bfcl", TaskId = "t", Params = [], State = InstanceState.Live, Owner = owner, Epoch = 1 };
        (await _store.Get<InstanceDirectory>().ClaimAsync(row, Cancel)).ShouldBeNull();
        return row;
    }
}
