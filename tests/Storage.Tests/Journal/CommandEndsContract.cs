using SandQueue.Contracts;
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
    public async Task No_other_end_is_lifted()
    {
        foreach (var end in (Func<Command, CommandReply>[])
        [
            command => CommandReply.Rejected(command, CommandReason.InvalidRequest, "wrong"),
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

    private async Task<JournalVerdict> MakeAsync(CreateInstance create)
    {
        var row = await Rows.ClaimAsync(store, create.Tenant, Rows.NewCaller());
        var entry = Rows.Entry(row, JournalKind.Create, step: 0);
        entry.CommandId = create.CommandId;
        return await store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, Rows.Unmoved(row, 1)), Cancel);
    }
}
