using System.Security.Cryptography;
using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>What is read is what was written.</summary>
public abstract class JournalBytesContract(StoreFixture store)
{
    private readonly EpisodeJournal _journal = store.Get<EpisodeJournal>();
    private readonly EpisodeReader _reader = store.Get<EpisodeReader>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Payloads_are_kept_byte_for_byte_whatever_they_are()
    {
        byte[] every = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        byte[] notUtf8 = [(byte)'"', 0xff, 0xfe, 0x00, 0xc0, 0xaf, 0xed, 0xa0, 0x80, (byte)'"'];
        var spaced = "{ \"b\" : 1.0,\n \"a\" : \"\\ud800 \\u0000\" }"u8.ToArray();
        var row = await Rows.ClaimAsync(store);
        var append = Rows.Step(row, 1);
        (append.Entry.Action, append.Entry.Params, append.Entry.Answer) = (spaced, every, notUtf8);
        append.Entry.ObservationHash = SHA256.HashData(spaced);

        await _journal.AppendAsync(append, Cancel);

        var entry = (await _reader.FindStepAsync(row.EpisodeId, 1, Cancel))!;
        entry.Action.ShouldBe(spaced);
        entry.Params.ShouldBe(every);
        entry.Answer.ShouldBe(notUtf8);
        entry.ObservationHash.ShouldBe(SHA256.HashData(spaced));
    }

    [Fact]
    public async Task Every_column_is_kept()
    {
        var row = await Rows.ClaimAsync(store);
        var append = Rows.Step(row, 1);
        (append.Entry.Reason, append.Entry.Cause, append.Entry.Detail) = (CommandReason.TimedOut, FailureCause.Agent, "why — in words");
        (append.Entry.Reward, append.Entry.Terminated, append.Entry.EnvironmentMs, append.Entry.RecordedAt) = (0.1, true, 12.5, long.MaxValue);

        await _journal.AppendAsync(append, Cancel);

        var read = (await _reader.FindCommandAsync(row.Tenant, append.Entry.CommandId, Cancel))!;
        read.Id.ShouldBeGreaterThan(0);
        append.Entry.Id = read.Id;
        read.ShouldBeEquivalentTo(append.Entry);
    }

    [Fact]
    public async Task Text_that_no_database_takes_fails_no_write()
    {
        const string Hostile = "half \ud83d a pair, \0 and\na line";
        const string Line = "half \\ud83d a pair, \\u0000 and a line";
        var (stepped, ended) = (await Rows.ClaimAsync(store), await Rows.ClaimAsync(store));
        var append = Rows.Step(stepped, 1);
        append.Entry.Detail = Hostile;
        append = append with { Progress = append.Progress! with { EndedAt = 1, EndDetail = Hostile } };

        (await _journal.AppendAsync(append, Cancel)).ShouldBe(JournalVerdict.Committed);
        (await store.Get<InstanceDirectory>().EndAsync(ended.EpisodeId, ended.Epoch, InstanceState.Lost, Hostile, 1, Cancel)).ShouldBeTrue();

        (await _reader.FindStepAsync(stepped.EpisodeId, 1, Cancel))!.Detail.ShouldBe(Line);
        foreach (var row in (Instance[])[stepped, ended])
        {
            (await store.Get<InstanceDirectory>().FindNewestAsync(row.Tenant, row.InstanceId, Cancel))!.EndDetail.ShouldBe(Line);
        }
    }

    [Fact]
    public async Task Nothing_stays_nothing()
    {
        var tenant = Rows.NewCaller();
        await _journal.AppendAsync(Rows.Alone(tenant, "c"), Cancel);

        var read = (await _reader.FindCommandAsync(tenant, "c", Cancel))!;

        (read.Reward, read.Cause, read.Detail, read.ObservationHash, read.Step, read.Worker).ShouldBe((null, null, null, null, null, null));
        read.Action.ShouldBeEmpty();
    }

    [Fact]
    public async Task Large_payloads_are_kept_and_keep_their_neighbours()
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Rows.ClaimAsync(store)));
        var appends = rows.Select(row => Rows.Step(row, 1)).ToArray();
        for (var i = 0; i < 2; i++) appends[i].Entry.Answer = RandomNumberGenerator.GetBytes(9 << 20);

        var verdicts = await Task.WhenAll(appends.Select(append => _journal.AppendAsync(append, Cancel)));

        verdicts.ShouldAllBe(verdict => verdict == JournalVerdict.Committed);
        for (var i = 0; i < 2; i++)
        {
            var answer = (await _reader.FindStepAsync(rows[i].EpisodeId, 1, Cancel))!.Answer;
            answer.AsSpan().SequenceEqual(appends[i].Entry.Answer).ShouldBeTrue();
        }
    }

    [Fact]
    public async Task An_episode_is_read_in_the_order_it_happened_without_what_did_not_happen()
    {
        var row = await Rows.ClaimAsync(store);
        var create = new JournalAppend(Rows.Entry(row, JournalKind.Create, step: 0), Rows.Unmoved(row, 1));
        var failed = new JournalAppend(Rows.Entry(row, JournalKind.Step, step: null), Rows.Unmoved(row, 2));
        failed.Entry.End = CommandEnd.Failed;
        foreach (var append in (JournalAppend[])[create, Rows.Step(row, 1), failed, Rows.Evaluation(row, 2), Rows.Step(row, 2), Rows.Evaluation(row, 3)])
        {
            (await _journal.AppendAsync(append, Cancel)).ShouldBe(JournalVerdict.Committed);
        }

        var episode = await _reader.ReadEpisodeAsync(row.EpisodeId, Cancel);

        episode.Select(entry => (entry.Kind, entry.Step)).ShouldBe(
        [
            (JournalKind.Create, 0), (JournalKind.Step, 1), (JournalKind.Evaluate, null), (JournalKind.Step, 2), (JournalKind.Evaluate, null),
        ]);
        (await _reader.ReadEpisodeAsync(long.MaxValue, Cancel)).ShouldBeEmpty();
        (await _reader.FindStepAsync(row.EpisodeId, 3, Cancel)).ShouldBeNull();
        (await _reader.FindCommandAsync(row.Tenant, "never", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task What_an_episode_appends_is_counted_on_its_row_and_nothing_that_was_refused_is()
    {
        var row = await Rows.ClaimAsync(store);
        var create = new JournalAppend(Rows.Entry(row, JournalKind.Create, step: 0), Rows.Unmoved(row, 1));
        var repeated = Rows.Step(row, 1, create.Entry.CommandId);
        var stale = Rows.Step(row, 7);
        var alone = Rows.Alone(row.Tenant);
        JournalAppend[] appends = [create, repeated, Rows.Step(row, 1), stale, alone, Rows.Evaluation(row, 2), Rows.Release(row, 2)];
        foreach (var append in appends)
        {
            (append.Entry.Action, append.Entry.Params, append.Entry.Answer) = (new byte[1], new byte[20], new byte[300]);
        }

        var verdicts = new List<JournalVerdict>();
        foreach (var append in appends) verdicts.Add(await _journal.AppendAsync(append, Cancel));

        verdicts.ShouldBe(
        [
            JournalVerdict.Committed, JournalVerdict.Duplicate, JournalVerdict.Committed, JournalVerdict.Stale, JournalVerdict.Committed, JournalVerdict.Committed, JournalVerdict.Committed,
        ]);
        (await store.Get<InstanceDirectory>().FindNewestAsync(row.Tenant, row.InstanceId, Cancel))!.JournalBytes.ShouldBe(4 * 321);
    }

    [Fact]
    public async Task Rows_of_one_commit_are_counted_each_on_its_own_instance()
    {
        var rows = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Rows.ClaimAsync(store)));

        await Task.WhenAll(rows.Select((row, index) =>
        {
            var step = Rows.Step(row, 1);
            step.Entry.Answer = new byte[index];
            return Task.WhenAll(_journal.AppendAsync(step, Cancel), _journal.AppendAsync(Rows.Alone(row.Tenant), Cancel));
        }));

        for (var i = 0; i < rows.Length; i++)
        {
            (await store.Get<InstanceDirectory>().FindNewestAsync(rows[i].Tenant, rows[i].InstanceId, Cancel))!.JournalBytes.ShouldBe(i);
        }
    }

    [Fact]
    public async Task The_bytes_of_a_tenant_are_those_of_all_its_episodes_and_go_with_them()
    {
        var tenant = Rows.NewCaller();
        var (first, second, other) = (await Rows.ClaimAsync(store, tenant, "one"), await Rows.ClaimAsync(store, tenant, "two"), await Rows.ClaimAsync(store));
        var longAgo = await store.NowAsync() - (long)TimeSpan.FromDays(40).TotalMilliseconds;
        foreach (var (row, bytes) in ((Instance, int)[])[(first, 5_000_000), (second, 70), (other, 9)])
        {
            var step = Rows.Step(row, 1);
            step.Entry.Answer = new byte[bytes];
            await _journal.AppendAsync(step, Cancel);
        }

        var instances = store.Get<InstanceDirectory>();
        (await instances.SumJournalBytesAsync(tenant, Cancel)).ShouldBe(5_000_070);
        (await instances.SumJournalBytesAsync(Rows.NewCaller(), Cancel)).ShouldBe(0);

        await instances.EndAsync(first.EpisodeId, first.Epoch, InstanceState.Released, "was released", longAgo, Cancel);
        (await instances.SumJournalBytesAsync(tenant, Cancel)).ShouldBe(5_000_070, "what ended is in the journal until it is removed");
        await store.Get<EpisodeRetention>().RemoveAsync(TimeSpan.FromDays(30), Cancel);
        (await instances.SumJournalBytesAsync(tenant, Cancel)).ShouldBe(70);
    }
}
