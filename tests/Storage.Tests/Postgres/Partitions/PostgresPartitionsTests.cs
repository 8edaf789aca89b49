using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Storage.Postgres.Partitions;

namespace SandQueue.Storage.Tests.Postgres.Partitions;

/// <summary>The tests share a database, so each begins with a partition of its own.</summary>
public sealed class PostgresPartitionsTests(PostgresStore store) : IClassFixture<PostgresStore>
{
    private static readonly TimeSpan Age = TimeSpan.FromDays(30);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>So long after a turn nothing is on its way into the partition before.</summary>
    private static readonly TimeSpan Turned = TimeSpan.FromMinutes(16);

    private readonly StoreFixture _store = store.OrSkip();

    private IJournalPartitions Partitions => _store.Get<IJournalPartitions>();

    private EpisodeJournal Journal => _store.Get<EpisodeJournal>();

    private EpisodeReader Reader => _store.Get<EpisodeReader>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Episodes_that_begin_after_a_period_are_in_a_partition_of_their_own()
    {
        var before = await Rows.ClaimAsync(_store);
        await AgeAsync(TimeSpan.FromHours(20));
        await Partitions.RotateAsync(Age, Cancel);
        var soon = await Rows.ClaimAsync(_store);
        await TurnAsync();
        var after = await Rows.ClaimAsync(_store);
        await AgeAsync(TimeSpan.FromHours(20));
        await Partitions.RotateAsync(Age, Cancel);
        var last = await Rows.ClaimAsync(_store);

        foreach (var row in new[] { before, soon, after, last })
        {
            (await Journal.AppendAsync(Rows.Step(row, 1), Cancel)).ShouldBe(JournalVerdict.Committed);
            (await Reader.ReadEpisodeAsync(row.EpisodeId, Cancel)).Count.ShouldBe(1);
            (await CountAsync($"SELECT count(*) FROM {EpisodeRange.Of(row.EpisodeId).Table} WHERE episode_id = {row.EpisodeId}")).ShouldBe(1);
        }

        EpisodeRange.Of(soon.EpisodeId).ShouldBe(EpisodeRange.Of(before.EpisodeId));
        EpisodeRange.Of(after.EpisodeId).Number.ShouldBe(EpisodeRange.Of(before.EpisodeId).Number + 1);
        EpisodeRange.Of(last.EpisodeId).ShouldBe(EpisodeRange.Of(after.EpisodeId));
    }

    [Fact]
    public async Task A_partition_goes_whole_when_the_last_of_it_ended_long_enough_ago()
    {
        await TurnAsync();
        var (first, second) = (await StepAsync("c1"), await StepAsync("c2"));
        await TurnAsync();
        var young = await StepAsync("c3");
        await EndAsync(first, Age + Age);
        await EndAsync(second, Age - TimeSpan.FromMinutes(1));
        await AgeAsync(Turned);
        (await Partitions.RotateAsync(Age, Cancel)).ShouldBe(default, "one of them is too young");

        await EndAsync(second, Age + TimeSpan.FromMinutes(1));
        (await Partitions.RotateAsync(Age, Cancel)).ShouldBe(new Rotation(2, HasDropped: true));

        (await ExistsAsync(first)).ShouldBeFalse();
        (await _store.Get<InstanceDirectory>().FindNewestAsync(first.Tenant, first.InstanceId, Cancel)).ShouldBeNull();
        (await Reader.FindCommandAsync(first.Tenant, "c1", Cancel)).ShouldBeNull();
        (await Reader.FindCommandAsync(young.Tenant, "c3", Cancel)).ShouldNotBeNull();
        var next = await Rows.ClaimAsync(_store, first.Tenant, "again");
        (await Journal.AppendAsync(Rows.Step(next, 1, "c1"), Cancel)).ShouldBe(JournalVerdict.Committed, "an id that was removed is new");
        (await Partitions.RotateAsync(Age, Cancel)).ShouldBe(default);
    }

    [Fact]
    public async Task A_partition_that_was_left_just_now_stays_for_what_may_still_be_on_its_way_into_it()
    {
        await TurnAsync();
        var old = await StepAsync("c1");
        await TurnAsync();
        await EndAsync(old, Age + TimeSpan.FromMinutes(1));

        (await Partitions.RotateAsync(Age, Cancel)).ShouldBe(default);
        (await ExistsAsync(old)).ShouldBeTrue();

        await AgeAsync(Turned);
        (await Partitions.RotateAsync(Age, Cancel)).HasDropped.ShouldBeTrue();
    }

    [Fact]
    public async Task A_removal_that_was_cut_off_is_finished_by_the_next()
    {
        await TurnAsync();
        var (first, second) = (await StepAsync("c1"), await StepAsync("c2"));
        await TurnAsync();
        await AgeAsync(Turned);
        await EndAsync(first, Age + TimeSpan.FromMinutes(1));
        await EndAsync(second, Age + TimeSpan.FromMinutes(1));
        await store.ExecuteAsync($"DELETE FROM command_ids WHERE episode_id = {first.EpisodeId}");
        await store.ExecuteAsync($"DELETE FROM instances WHERE episode_id = {first.EpisodeId}");

        (await Partitions.RotateAsync(Age, Cancel)).ShouldBe(new Rotation(1, HasDropped: true));

        (await CountAsync($"SELECT count(*) FROM command_ids WHERE tenant IN ('{first.Tenant}', '{second.Tenant}')")).ShouldBe(0);
    }

    [Fact]
    public async Task Two_processes_that_rotate_at_once_turn_once()
    {
        var before = await Rows.ClaimAsync(_store);
        await Partitions.RotateAsync(Age, Cancel);
        await AgeAsync(TimeSpan.FromHours(25));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(RotateAsync, Cancel)));

        EpisodeRange.Of((await Rows.ClaimAsync(_store)).EpisodeId).Number.ShouldBe(EpisodeRange.Of(before.EpisodeId).Number + 1);

        async Task RotateAsync()
        {
            try
            {
                await Partitions.RotateAsync(Age, Cancel);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                // Another has dropped the old partition that this one looked into; the next sweep goes on.
            }
        }
    }

    [Fact]
    public async Task An_instance_that_lives_for_long_keeps_its_partition_and_not_the_episodes_in_it()
    {
        await TurnAsync();
        var (living, ended) = (await StepAsync("c1"), await StepAsync("c2"));
        await TurnAsync();
        await AgeAsync(Turned);
        await EndAsync(ended, Age + TimeSpan.FromMinutes(1));
        await _store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel);
        (await Reader.FindCommandAsync(ended.Tenant, "c2", Cancel)).ShouldNotBeNull("it waits for the others");

        await EndAsync(ended, Age + Partitions.Grace(Age) + TimeSpan.FromMinutes(1));
        await _store.Get<EpisodeRetention>().RemoveAsync(Age, Cancel);

        (await Reader.FindCommandAsync(ended.Tenant, "c2", Cancel)).ShouldBeNull();
        (await CountAsync($"SELECT count(*) FROM command_ids WHERE tenant = '{ended.Tenant}'")).ShouldBe(0);
        (await Journal.AppendAsync(Rows.Step(living, 2), Cancel)).ShouldBe(JournalVerdict.Committed);
        (await Reader.ReadEpisodeAsync(living.EpisodeId, Cancel)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Who_reads_for_long_keeps_a_partition_and_no_commit()
    {
        await TurnAsync();
        var old = await StepAsync("c1");
        await TurnAsync();
        var young = await Rows.ClaimAsync(_store);
        await AgeAsync(Turned);
        await EndAsync(old, Age + TimeSpan.FromMinutes(1));
        await using (var source = NpgsqlDataSource.Create($"{store.ConnectionString};Pooling=false"))
        await using (var connection = await source.OpenConnectionAsync(Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await using var read = new NpgsqlCommand("SELECT count(*) FROM journal", connection, transaction);
            await read.ExecuteScalarAsync(Cancel);

            (await Partitions.RotateAsync(Age, Cancel).WaitAsync(Limit, Cancel)).ShouldBe(new Rotation(1, HasDropped: false));
            (await ExistsAsync(old)).ShouldBeTrue();
            (await Journal.AppendAsync(Rows.Step(young, 1), Cancel).WaitAsync(Limit, Cancel)).ShouldBe(JournalVerdict.Committed);
        }

        (await Partitions.RotateAsync(Age, Cancel)).ShouldBe(new Rotation(0, HasDropped: true));
        (await ExistsAsync(old)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_id_is_taken_once_whatever_partition_its_commands_are_of()
    {
        var first = await StepAsync("same");
        await TurnAsync();
        var second = await Rows.ClaimAsync(_store, first.Tenant, "other");

        (await Journal.AppendAsync(Rows.Step(second, 1, "same"), Cancel)).ShouldBe(JournalVerdict.Duplicate);
        (await Journal.AppendAsync(Rows.Alone(first.Tenant, "same"), Cancel)).ShouldBe(JournalVerdict.Duplicate);
        (await Journal.AppendAsync(Rows.Alone(first.Tenant, "alone"), Cancel)).ShouldBe(JournalVerdict.Committed);
        (await Journal.AppendAsync(Rows.Step(second, 1, "alone"), Cancel)).ShouldBe(JournalVerdict.Duplicate);
        (await Reader.FindCommandAsync(first.Tenant, "same", Cancel))!.EpisodeId.ShouldBe(first.EpisodeId);
        (await Reader.FindCommandAsync(first.Tenant, "alone", Cancel))!.EpisodeId.ShouldBeNull();
    }

    [Fact]
    public async Task Of_commands_that_race_for_an_id_from_two_partitions_and_none_one_is_recorded()
    {
        var tenant = Rows.NewCaller();
        var first = await Rows.ClaimAsync(_store, tenant, "one");
        await TurnAsync();
        var second = await Rows.ClaimAsync(_store, tenant, "two");
        await using var other = _store.Provide(new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = store.ConnectionString });
        var (ofFirst, ofSecond) = (1, 1);
        for (var round = 0; round < 60; round++)
        {
            var id = $"r{round}";
            var verdicts = await Task.WhenAll(
                Journal.AppendAsync(Rows.Step(first, ofFirst, id), Cancel),
                other.GetRequiredService<EpisodeJournal>().AppendAsync(Rows.Step(second, ofSecond, id), Cancel),
                other.GetRequiredService<EpisodeJournal>().AppendAsync(Rows.Alone(tenant, id), Cancel));

            verdicts.Count(verdict => verdict == JournalVerdict.Committed).ShouldBe(1);
            if (verdicts[0] == JournalVerdict.Committed) ofFirst++;
            if (verdicts[1] == JournalVerdict.Committed) ofSecond++;
            (await CountAsync($"SELECT count(*) FROM journal WHERE tenant = '{tenant}' AND command_id = '{id}'")).ShouldBe(1);
        }
    }

    [Fact]
    public async Task What_is_kept_for_a_short_time_is_in_one_partition_and_removed_row_by_row()
    {
        var age = TimeSpan.FromHours(1);
        var old = await StepAsync("c1");
        await EndAsync(old, age + TimeSpan.FromMinutes(1));
        await AgeAsync(TimeSpan.FromDays(2));

        await _store.Get<EpisodeRetention>().RemoveAsync(age, Cancel);

        (await Reader.FindCommandAsync(old.Tenant, "c1", Cancel)).ShouldBeNull();
        EpisodeRange.Of((await Rows.ClaimAsync(_store)).EpisodeId).ShouldBe(EpisodeRange.Of(old.EpisodeId));
    }

    /// <summary>Lets the next episode be of a new partition.</summary>
    private async Task TurnAsync()
    {
        var row = await Rows.ClaimAsync(_store);
        await Partitions.RotateAsync(Age, Cancel);
        await AgeAsync(TimeSpan.FromHours(25));
        await Partitions.RotateAsync(Age, Cancel);
        EpisodeRange.Of((await Rows.ClaimAsync(_store)).EpisodeId).Number.ShouldBe(EpisodeRange.Of(row.EpisodeId).Number + 1);
    }

    /// <summary>As if every partition had been in use for so much longer.</summary>
    private Task AgeAsync(TimeSpan by) => store.ExecuteAsync($"UPDATE journal_partitions SET begun_at = begun_at - {(long)by.TotalMilliseconds}");

    private async Task<Instance> StepAsync(string commandId)
    {
        var row = await Rows.ClaimAsync(_store);
        (await Journal.AppendAsync(Rows.Step(row, 1, commandId), Cancel)).ShouldBe(JournalVerdict.Committed);
        return row;
    }

    /// <summary>As if it and those that were claimed to turn its partition had ended so long ago.</summary>
    private async Task EndAsync(Instance row, TimeSpan ago)
    {
        var at = await _store.NowAsync() - (long)ago.TotalMilliseconds;
        var range = EpisodeRange.Of(row.EpisodeId);
        await store.ExecuteAsync($"UPDATE instances SET ended_at = {at} WHERE episode_id = {row.EpisodeId}");
        await store.ExecuteAsync($"DELETE FROM instances WHERE next_step = 1 AND episode_id >= {range.From} AND episode_id < {range.To}");
    }

    private async Task<bool> ExistsAsync(Instance row) => await CountAsync($"SELECT count(*) FROM pg_class WHERE relname = '{EpisodeRange.Of(row.EpisodeId).Table}'") == 1;

    private async Task<long> CountAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create($"{store.ConnectionString};Pooling=false");
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
