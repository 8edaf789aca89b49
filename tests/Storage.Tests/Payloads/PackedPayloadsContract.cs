using System.Text;
using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Storage.Payloads;

namespace SandQueue.Storage.Tests.Payloads;

/// <summary>Long actions and answers, which are stored shorter than they are.</summary>
public abstract class PackedPayloadsContract(StoreFixture store)
{
    private static readonly byte[] Action = Text("action");
    private static readonly byte[] Answer = Text("answer");

    private readonly EpisodeReader _reader = store.Get<EpisodeReader>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_read_byte_for_byte_by_whoever_reads_them_and_take_less_room()
    {
        var row = await Rows.ClaimAsync(store);
        var append = Rows.Step(row, 1, "c");
        (append.Entry.Action, append.Entry.Answer) = (Action, Answer);
        (await store.Get<EpisodeJournal>().AppendAsync(append, Cancel)).ShouldBe(JournalVerdict.Committed);

        var commands = await _reader.ReadCommandsAsync(row.EpisodeId, Cancel);
        commands[0].Action.ShouldBe(Action);
        (await _reader.ReadAnswerAsync(commands[0], Cancel)).ShouldBe(Answer);
        (await _reader.ReadActionsAsync(row.EpisodeId, 0, 10, 1 << 20, Cancel)).Actions.ShouldHaveSingleItem().Action.ShouldBe(Action);
        JournalEntry[] entries =
        [
            (await _reader.FindCommandAsync(row.Tenant, "c", Cancel))!,
            (await _reader.FindStepAsync(row.EpisodeId, 1, Cancel))!,
            (await _reader.ReadEpisodeAsync(row.EpisodeId, Cancel))[0],
            await store.Get<JournalPages>().ReadEpisodeAsync(row.EpisodeId, 0, 10, Cancel).FirstAsync(Cancel),
        ];
        entries.ShouldAllBe(entry => entry.Action.SequenceEqual(Action) && entry.Answer.SequenceEqual(Answer));
        (await store.Get<CommandEnds>().FindRepeatedStepAsync(Repeated(row), Cancel))!.Answer.ShouldBe(Answer);
        (await StoredBytesAsync(row)).ShouldBeLessThan((Action.Length + Answer.Length) / 2);
    }

    [Fact]
    public async Task A_page_is_bounded_by_what_comes_out_of_them()
    {
        var row = await Rows.ClaimAsync(store);
        for (var number = 1; number <= 3; number++)
        {
            var step = Rows.Step(row, number);
            step.Entry.Action = new byte[PackedPayload.Longest];
            await store.Get<EpisodeJournal>().AppendAsync(step, Cancel);
        }

        (await StoredBytesAsync(row)).ShouldBeLessThan(1_000);
        var (actions, hasMore) = await _reader.ReadActionsAsync(row.EpisodeId, 0, 10, 2 * PackedPayload.Longest, Cancel);
        (actions.Count, hasMore).ShouldBe((2, true));
        (await _reader.ReadActionsAsync(row.EpisodeId, 2, 10, 1, Cancel)).Actions.ShouldHaveSingleItem().Step.ShouldBe(3);
    }

    [Fact]
    public async Task An_import_stores_them_in_the_same_way()
    {
        var row = Rows.NewInstance(Rows.NewCaller());
        row.EndedAt = 9;
        var entry = Rows.Entry(row, JournalKind.Step, 1);
        (entry.Action, entry.Answer) = (Action, Answer);

        var (episode, _) = await store.Get<EpisodeImports>().StoreAsync(row, [entry], Cancel);

        (await _reader.FindStepAsync(episode, 1, Cancel))!.Answer.ShouldBe(Answer);
        (await StoredBytesAsync(row)).ShouldBeLessThan((Action.Length + Answer.Length) / 2);
    }

    private static StepInstance Repeated(Instance row) => new()
    {
        CommandId = "again",
        Tenant = row.Tenant,
        InstanceId = row.InstanceId,
        Action = Action,
        ExpectedStep = 1,
        RemainingMs = 1_000,
    };

    private static byte[] Text(string name) => Encoding.UTF8.GetBytes($$"""{"state":[{{string.Join(',', Enumerable.Range(0, 200).Select(number => $"\"{name} {number}\""))}}]}""");

    private async Task<long> StoredBytesAsync(Instance row)
    {
        await using var context = await store.Get<IContextSource>().OpenAsync(Cancel);
        return await context.Database.SqlQuery<long>($"SELECT CAST(SUM(length(action) + length(answer)) AS bigint) AS \"Value\" FROM journal WHERE tenant = {row.Tenant}").SingleAsync(Cancel);
    }
}
