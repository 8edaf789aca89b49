using System.Text;
using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

public abstract class CommandEndsContract(StoreFixture store)
{
    private readonly CommandEnds _ends = store.Get<CommandEnds>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_create_that_found_no_capacity_never_takes_effect_until_it_is_sent_again()
    {
        var create = NewCreate();
        await _ends.RecordAsync(create, CommandReply.Rejected(create, CommandReason.NoCapacity, "no capacity"), Cancel);

        (await MakeAsync(create)).ShouldBe(JournalVerdict.Duplicate, "a copy that still waited somewhere");
        (await _ends.FindOrReopenAsync(create, Cancel)).ShouldBeNull();
        (await MakeAsync(create)).ShouldBe(JournalVerdict.Committed);

        (await _ends.FindOrReopenAsync(create, Cancel))!.End.ShouldBe(CommandEnd.Completed);
    }

    [Fact]
    public async Task A_create_whose_request_was_wrong_never_takes_effect_until_one_is_sent_again()
    {
        var create = NewCreate();
        await _ends.RecordAsync(create, CommandReply.Rejected(create, CommandReason.InvalidRequest, "no such task"), Cancel);

        (await MakeAsync(create)).ShouldBe(JournalVerdict.Duplicate, "a copy that still waited somewhere");
        (await _ends.FindOrReopenAsync(create, Cancel)).ShouldBeNull();
        (await MakeAsync(create)).ShouldBe(JournalVerdict.Committed);
    }

    [Fact]
    public async Task A_create_of_a_task_that_there_is_not_leaves_its_id_to_one_of_another_task_and_to_no_copy_of_itself()
    {
        var wrong = NewCreate();
        var right = wrong with { TaskId = "another" };
        await _ends.RecordAsync(wrong, CommandReply.Rejected(wrong, CommandReason.InvalidRequest, "no such task"), Cancel);

        (await _ends.FindOrReopenAsync(right, Cancel)).ShouldBeNull();
        (await MakeAsync(wrong)).ShouldBe(JournalVerdict.Duplicate, "a copy that still waited somewhere");
        (await MakeAsync(right)).ShouldBe(JournalVerdict.Committed);

        (await _ends.FindAsync(right, Cancel))!.End.ShouldBe(CommandEnd.Completed);
        (await _ends.FindAsync(wrong, Cancel))!.Reason.ShouldBe(CommandReason.Conflict);
    }

    [Fact]
    public async Task A_step_that_was_wrong_for_one_instance_leaves_its_id_to_the_same_step_of_another()
    {
        var wrong = NewStep("1");
        var right = wrong with { InstanceId = "another" };
        await _ends.RecordAsync(wrong, Refused(wrong), Cancel);

        (await _ends.FindAsync(right, Cancel)).ShouldBeNull();
        (await TakeAsync(wrong)).ShouldBe(JournalVerdict.Duplicate, "a copy that still waited somewhere");
        (await TakeAsync(right)).ShouldBe(JournalVerdict.Committed);
    }

    [Fact]
    public async Task The_row_of_a_command_that_reached_no_instance_says_what_it_was_for()
    {
        var (create, step) = (NewCreate(), NewStep("1"));
        await _ends.RecordAsync(create, Refused(create), Cancel);
        await _ends.RecordAsync(step, Refused(step), Cancel);

        (await FindAsync(create)).Target.ShouldBe("countdown t");
        (await FindAsync(step)).Target.ShouldBe("i");
    }

    [Fact]
    public async Task A_step_whose_request_was_wrong_leaves_its_id_to_another_and_to_no_copy_of_itself()
    {
        var wrong = NewStep("""{"content":5}""");
        var right = wrong with { Action = """{"content":"left"}"""u8.ToArray() };
        await _ends.RecordAsync(wrong, Refused(wrong), Cancel);

        (await TakeAsync(wrong)).ShouldBe(JournalVerdict.Duplicate, "a copy that still waited somewhere");
        (await _ends.FindAsync(wrong, Cancel))!.Reason.ShouldBe(CommandReason.InvalidRequest);
        (await _ends.FindAsync(right, Cancel)).ShouldBeNull();
        (await TakeAsync(right)).ShouldBe(JournalVerdict.Committed);

        (await _ends.FindAsync(right, Cancel))!.End.ShouldBe(CommandEnd.Completed);
        (await _ends.FindAsync(wrong, Cancel))!.Reason.ShouldBe(CommandReason.Conflict);
        (await TakeAsync(wrong)).ShouldNotBe(JournalVerdict.Committed, "a copy that waited even longer");
    }

    [Fact]
    public async Task One_wrong_request_after_another_keeps_the_end_of_the_last()
    {
        var (first, second) = (NewStep("1"), NewStep("2"));
        second = second with { Tenant = first.Tenant, CommandId = first.CommandId };
        await _ends.RecordAsync(first, Refused(first), Cancel);

        (await _ends.RecordAsync(second, CommandReply.Expired(second, "late"), Cancel)).End.ShouldBe(CommandEnd.Expired);

        (await TakeAsync(second)).ShouldBe(JournalVerdict.Duplicate);
        (await _ends.FindAsync(second, Cancel))!.End.ShouldBe(CommandEnd.Expired);
    }

    [Fact]
    public async Task No_other_end_leaves_its_id_to_another_command()
    {
        foreach (var end in (Func<Command, CommandReply>[])
        [
            command => CommandReply.Rejected(command, CommandReason.Conflict, "not the next step"),
            command => CommandReply.Expired(command, "late"),
            command => CommandReply.Failed(command, "broken"),
        ])
        {
            var step = NewStep("1");
            await _ends.RecordAsync(step, end(step), Cancel);
            var other = step with { Action = "2"u8.ToArray() };

            (await _ends.FindAsync(other, Cancel))!.Reason.ShouldBe(CommandReason.Conflict);
            (await TakeAsync(other)).ShouldBe(JournalVerdict.Duplicate);
        }
    }

    [Fact]
    public async Task No_other_end_of_a_create_is_lifted()
    {
        foreach (var end in (Func<Command, CommandReply>[])
        [
            command => CommandReply.Rejected(command, CommandReason.Conflict, "lives already"),
            command => CommandReply.Expired(command, "late"),
            command => CommandReply.Cancelled(command, "gone"),
            command => CommandReply.Failed(command, "broken"),
        ])
        {
            var create = NewCreate();
            var recorded = await _ends.RecordAsync(create, end(create), Cancel);

            var found = await _ends.FindOrReopenAsync(create, Cancel);

            (found!.End, found.Reason, found.Detail).ShouldBe((recorded.End, recorded.Reason, recorded.Detail));
            (await MakeAsync(create)).ShouldBe(JournalVerdict.Duplicate);
        }
    }

    [Fact]
    public async Task Another_create_under_the_same_id_lifts_nothing()
    {
        var create = NewCreate();
        await _ends.RecordAsync(create, CommandReply.Rejected(create, CommandReason.NoCapacity, "no capacity"), Cancel);

        (await _ends.FindOrReopenAsync(create with { Params = "[1]"u8.ToArray() }, Cancel))!.Reason.ShouldBe(CommandReason.Conflict);

        (await _ends.FindAsync(create, Cancel))!.Reason.ShouldBe(CommandReason.NoCapacity);
    }

    private static CreateInstance NewCreate() =>
        new() { CommandId = Rows.NewCaller(), Tenant = Rows.NewCaller(), RemainingMs = 1, InstanceId = "i", EnvType = "countdown", TaskId = "t" };

    private static StepInstance NewStep(string action) =>
        new() { CommandId = Rows.NewCaller(), Tenant = Rows.NewCaller(), RemainingMs = 1, InstanceId = "i", Action = Encoding.UTF8.GetBytes(action) };

    private async Task<JournalEntry> FindAsync(Command command) => (await store.Get<EpisodeReader>().FindCommandAsync(command.Tenant, command.CommandId, Cancel))!;

    private static CommandReply Refused(Command command) => CommandReply.Rejected(command, CommandReason.InvalidRequest, "wrong");

    /// <summary>What the owner of an instance writes once the environment took the step.</summary>
    private async Task<JournalVerdict> TakeAsync(StepInstance step)
    {
        var row = await store.Get<InstanceDirectory>().FindLivingAsync(step.Tenant, step.InstanceId, Cancel) ?? await Rows.ClaimAsync(store, step.Tenant, step.InstanceId);
        var append = Rows.Step(row, 1, step.CommandId);
        append.Entry.Action = step.Action;
        return await store.Get<EpisodeJournal>().AppendAsync(append, Cancel);
    }

    private async Task<JournalVerdict> MakeAsync(CreateInstance create)
    {
        var made = Rows.NewInstance(create.Tenant, Rows.NewCaller());
        made.TaskId = create.TaskId;
        var row = await Rows.ClaimAsync(store, made);
        var entry = Rows.Entry(row, JournalKind.Create, step: 0);
        entry.CommandId = create.CommandId;
        return await store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, Rows.Unmoved(row, 1)), Cancel);
    }
}
