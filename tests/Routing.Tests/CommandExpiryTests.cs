using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Routing.Tests;

public sealed class CommandExpiryTests : IAsyncLifetime
{
    private readonly GatewayStore _store = new();
    private CommandExpiry _expiry = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _store.InitializeAsync();
        var fleet = new FleetView(_store.Get<WorkerDirectory>(), _store.Time, NullLogger<FleetView>.Instance);
        _expiry = new CommandExpiry(_store.Get<CommandEnds>(), fleet, _store.Time, NullLogger<CommandExpiry>.Instance);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Who_writes_the_end_says_expired_and_the_command_can_never_take_effect()
    {
        var step = Step("{}");

        var reply = (await _expiry.ExpireAsync(step, Cancel))!;

        (reply.End, reply.Reason, reply.CommandId, reply.Tenant).ShouldBe((CommandEnd.Expired, CommandReason.TimedOut, "c", "a"));
        var late = new JournalEntry { Tenant = "a", CommandId = "c", Kind = JournalKind.Step, End = CommandEnd.Completed };
        (await _store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(late, null), Cancel)).ShouldBe(JournalVerdict.Duplicate);
        (await _expiry.ExpireAsync(step, Cancel))!.Detail.ShouldBe(reply.Detail);
    }

    [Fact]
    public async Task Who_finds_an_end_answers_with_it()
    {
        await RecordAsync(Entry("{}"));

        var reply = (await _expiry.ExpireAsync(Step("{}"), Cancel))!;

        (reply.End, Encoding.UTF8.GetString(reply.Answer)).ShouldBe((CommandEnd.Completed, "the answer"));
    }

    [Fact]
    public async Task A_journal_that_does_not_answer_is_waited_for_by_the_programs_clock()
    {
        await using var held = await _store.HoldAsync();
        var asked = _expiry.ExpireAsync(Step("{}"), Cancel);
        asked.IsCompleted.ShouldBeFalse();

        await Until.TrueAsync("it waits", () => _store.Time.Timers > 0, TimeSpan.FromSeconds(30));

        _store.Time.Advance(TimeSpan.FromSeconds(3));

        (await asked.WaitAsync(TimeSpan.FromSeconds(30), Cancel)).ShouldBeNull("its end is unknown");
    }

    [Fact]
    public async Task The_end_of_another_command_under_the_same_id_is_a_conflict()
    {
        await RecordAsync(Entry("""{"other":1}"""));

        foreach (var command in (Command[])[Step("{}"), new ReleaseInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i" }])
        {
            var reply = (await _store.Get<CommandEnds>().FindAsync(command, Cancel))!;
            (reply.End, reply.Reason, reply.Answer.Length).ShouldBe((CommandEnd.Rejected, CommandReason.Conflict, 0));
        }
    }

    [Fact]
    public async Task A_step_of_another_instance_under_the_same_id_is_a_conflict()
    {
        var row = new Instance { Tenant = "a", InstanceId = "other", EnvType = "e", TaskId = "t", Params = [], State = InstanceState.Live, Owner = "w", Epoch = 1 };
        await _store.Get<InstanceDirectory>().ClaimAsync(row, Cancel);
        var entry = Entry("{}");
        entry.EpisodeId = row.EpisodeId;
        await RecordAsync(entry, GatewayStore.Progress(row));

        (await _store.Get<CommandEnds>().FindAsync(Step("{}"), Cancel))!.Reason.ShouldBe(CommandReason.Conflict);
        (await _store.Get<CommandEnds>().FindAsync(Step("{}") with { InstanceId = "other" }, Cancel))!.End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_create_that_found_no_room_is_refused_for_that()
    {
        // Free slots of another environment are none of this one's.
        await _store.RegisterAsync("full", GatewayStore.Describe("bfcl", "webshop"), capacity: [new EnvironmentCapacity("bfcl", 0, 7), new EnvironmentCapacity("webshop", 5, 0)]);
        var create = new CreateInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i", EnvType = "bfcl", TaskId = "t" };

        var reply = (await _expiry.ExpireAsync(create, Cancel))!;

        (reply.End, reply.Reason).ShouldBe((CommandEnd.Rejected, CommandReason.NoCapacity));
        reply.Detail!.ShouldStartWith("no capacity: 7 instances of 'bfcl' live");
    }

    [Fact]
    public async Task A_create_that_was_not_made_in_time_though_there_was_capacity_has_expired()
    {
        await _store.RegisterAsync("roomy", GatewayStore.Describe("bfcl"), capacity: [new EnvironmentCapacity("bfcl", 3, 7)]);
        var create = new CreateInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i", EnvType = "bfcl", TaskId = "t" };

        (await _expiry.ExpireAsync(create, Cancel))!.End.ShouldBe(CommandEnd.Expired);
    }

    [Fact]
    public async Task What_changes_nothing_is_not_journaled()
    {
        var describe = new DescribeInstance { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i" };
        (await _expiry.ExpireAsync(describe, Cancel))!.End.ShouldBe(CommandEnd.Expired);
        (await _store.Get<CommandEnds>().FindAsync(describe, Cancel)).ShouldBeNull();
        (await _store.Get<EpisodeReader>().FindCommandAsync("a", "c", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_command_without_an_end_has_none() => (await _store.Get<CommandEnds>().FindAsync(Step("{}"), Cancel)).ShouldBeNull();

    private static StepInstance Step(string action) => new() { CommandId = "c", Tenant = "a", RemainingMs = 1, InstanceId = "i", Action = Encoding.UTF8.GetBytes(action) };

    private static JournalEntry Entry(string action) => new()
    {
        Tenant = "a",
        CommandId = "c",
        Kind = JournalKind.Step,
        End = CommandEnd.Completed,
        Action = Encoding.UTF8.GetBytes(action),
        Answer = "the answer"u8.ToArray(),
    };

    private async Task RecordAsync(JournalEntry entry, InstanceProgress? progress = null) =>
        (await _store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, progress), Cancel)).ShouldBe(JournalVerdict.Committed);
}
