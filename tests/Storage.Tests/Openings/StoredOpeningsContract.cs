using System.Text;
using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Openings;

/// <summary>What a task's Creates have in common is in the database once, and everybody reads whole answers.</summary>
public abstract class StoredOpeningsContract(StoreFixture store)
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);

    /// <summary>Of this test alone: the tests of a class share a database.</summary>
    private readonly string _prompt = string.Concat(Enumerable.Repeat(Guid.NewGuid().ToString("n"), 20));

    private readonly EpisodeReader _reader = store.Get<EpisodeReader>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Creates_of_one_task_store_its_prompt_once_and_are_read_whole()
    {
        var (one, two) = (await CreatedAsync("one"), await CreatedAsync("two"));

        (await OpeningsAsync()).ShouldBe(1);
        foreach (var (row, name) in new[] { (one, "one"), (two, "two") })
        {
            var entry = (await _reader.FindStepAsync(row.EpisodeId, 0, Cancel)).ShouldNotBeNull();
            byte[][] answers =
            [
                entry.Answer,
                (await _reader.FindCommandAsync(row.Tenant, entry.CommandId, Cancel))!.Answer,
                (await _reader.ReadEpisodeAsync(row.EpisodeId, Cancel))[0].Answer,
                await _reader.ReadAnswerAsync((await _reader.ReadCommandsAsync(row.EpisodeId, Cancel))[0], Cancel),
                (await store.Get<JournalPages>().ReadEpisodeAsync(row.EpisodeId, 0, 10, Cancel).FirstAsync(Cancel)).Answer,
                (await store.Get<JournalPages>().FindCommandAsync(row.Tenant, entry.CommandId, Cancel))!.Entry.Answer,
            ];
            foreach (var answer in answers) answer.ShouldBe(Answer(name));
            (entry.OpeningHash, entry.OpeningRanges).ShouldBe((null, null));
        }
    }

    [Fact]
    public async Task Many_in_one_commit_share_it_too()
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Rows.ClaimAsync(store)));
        await Task.WhenAll(rows.Select(row => AppendAsync(row, "i")));

        (await OpeningsAsync()).ShouldBe(1);
        foreach (var row in rows) (await _reader.FindStepAsync(row.EpisodeId, 0, Cancel))!.Answer.ShouldBe(Answer("i"));
    }

    [Fact]
    public async Task The_bytes_of_a_tenant_are_those_of_whole_answers()
    {
        var row = await CreatedAsync("counted");

        (await store.Get<InstanceDirectory>().SumJournalBytesAsync(row.Tenant, Cancel)).ShouldBe(Answer("counted").Length);
    }

    [Fact]
    public async Task What_is_imported_shares_it()
    {
        var row = await CreatedAsync("played");
        var tenant = Rows.NewCaller();
        var imported = Rows.NewInstance(tenant);
        (imported.State, imported.EndedAt) = (InstanceState.Released, 77);
        var entry = Rows.Entry(imported, JournalKind.Create, 0);
        (entry.EpisodeId, entry.Answer) = (null, Answer("imported"));

        var (episode, _) = await store.Get<EpisodeImports>().StoreAsync(imported, [entry], Cancel);

        (await OpeningsAsync()).ShouldBe(1);
        (await _reader.FindStepAsync(episode, 0, Cancel))!.Answer.ShouldBe(Answer("imported"));
        (await _reader.FindStepAsync(row.EpisodeId, 0, Cancel))!.Answer.ShouldBe(Answer("played"));
    }

    [Fact]
    public async Task It_goes_with_the_last_episode_that_has_it()
    {
        var (old, living) = (await CreatedAsync("old"), await CreatedAsync("living"));
        await EndAsync(old);

        await store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel);
        (await OpeningsAsync()).ShouldBe(1);
        (await _reader.FindStepAsync(living.EpisodeId, 0, Cancel))!.Answer.ShouldBe(Answer("living"));

        await EndAsync(living);
        await store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel);
        (await OpeningsAsync()).ShouldBe(0);
    }

    private async Task<Instance> CreatedAsync(string name)
    {
        var row = await Rows.ClaimAsync(store);
        await AppendAsync(row, name);
        return row;
    }

    private async Task AppendAsync(Instance row, string name)
    {
        var entry = Rows.Entry(row, JournalKind.Create, 0);
        entry.Answer = Answer(name);
        (await store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, Rows.Unmoved(row, row.NextStep) with { NextStep = 1 }), Cancel)).ShouldBe(JournalVerdict.Committed);
    }

    private async Task EndAsync(Instance row)
    {
        var longest = Age + store.Get<IJournalPartitions>().Grace(Age);
        var longAgo = await store.NowAsync() - (long)longest.TotalMilliseconds - 1_000;
        await using var context = await store.Get<IContextSource>().OpenForWritingAsync(Cancel);
        await context.Instances.Where(stored => stored.EpisodeId == row.EpisodeId).ExecuteUpdateAsync(set => set.SetProperty(stored => stored.EndedAt, longAgo), Cancel);
    }

    private async Task<int> OpeningsAsync()
    {
        await using var context = await store.Get<IContextSource>().OpenAsync(Cancel);
        var prompt = Encoding.UTF8.GetBytes(_prompt);
        return (await context.Openings.AsNoTracking().ToListAsync(Cancel)).Count(opening => opening.Content.AsSpan().IndexOf(prompt) >= 0);
    }

    private byte[] Answer(string name) => Encoding.UTF8.GetBytes($$$"""{"state":[{"role":"system","content":"{{{_prompt}}}"}],"info":{"instance_id":"{{{name}}}","tools":["{{{_prompt}}}"]}}""");
}
