using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Postgres;
using SandQueue.Testing;

namespace SandQueue.Storage.Tests.Postgres;

/// <summary>A server that hangs, and connections that were lost.</summary>
public sealed class PostgresOutageTests : IClassFixture<PostgresStore>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly PostgresStore _store;

    public PostgresOutageTests(PostgresStore store)
    {
        _store = store;
        store.OrSkip();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_hangs_fails_each_connection_once_and_within_the_limit()
    {
        await using var process = _store.Provide(new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = $"{_store.ConnectionString};Command Timeout=5;Timeout=15" });
        var instances = process.GetRequiredService<InstanceDirectory>();
        var journal = process.GetRequiredService<EpisodeJournal>();
        (await RetriedAsync(journal.AppendAsync(Rows.Alone("before"), Cancel))).ShouldBe(JournalVerdict.Committed);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => instances.CountLivingAsync(Cancel)));

        await using (await _store.HangAsync())
        {
            var failures = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FailureAsync(instances.CountLivingAsync(Cancel))));
            failures.ShouldContain(failure => failure != null);
            failures.ShouldAllBe(failure => failure == null || DatabaseFailure.Is(failure));

            // A server that has taken over takes new connections, and none of the old ones is tried twice.
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => instances.CountLivingAsync(Cancel))).WaitAsync(Limit, Cancel);
            (await RetriedAsync(journal.AppendAsync(Rows.Alone("hangs"), Cancel))).ShouldBe(JournalVerdict.Committed);
        }

        (await RetriedAsync(journal.AppendAsync(Rows.Alone("after"), Cancel))).ShouldBe(JournalVerdict.Committed);
    }

    [Fact]
    public async Task A_journal_whose_connection_was_lost_opens_another()
    {
        var journal = _store.Get<EpisodeJournal>();
        (await journal.AppendAsync(Rows.Alone("lost", "before"), Cancel)).ShouldBe(JournalVerdict.Committed);
        await _store.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'WITH progress%' AND pid <> pg_backend_pid()");

        (await RetriedAsync(journal.AppendAsync(Rows.Alone("lost", "after"), Cancel))).ShouldBe(JournalVerdict.Committed);
    }

    [Fact]
    public async Task Migrations_may_take_longer_than_any_other_statement()
    {
        var options = await _store.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection($"{options.ConnectionString};Pooling=false");
        await connection.OpenAsync(Cancel);
        await ExecuteAsync(connection, $"SELECT pg_advisory_lock({AdvisoryLocks.Migration})");
        await using var process = _store.Provide(options with { ConnectionString = $"{options.ConnectionString};Command Timeout=1" });

        var migration = process.MigrateStorageAsync(Cancel);
        await Until.TrueAsync(
            "waits longer than the limit",
            async () => await ExecuteAsync(connection, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND now() - query_start > '1500 ms'") is 1L,
            Limit);
        await ExecuteAsync(connection, $"SELECT pg_advisory_unlock({AdvisoryLocks.Migration})");

        await migration.WaitAsync(Limit, Cancel);
        (await process.GetRequiredService<InstanceDirectory>().CountLivingAsync(Cancel)).ShouldBe(0);
    }

    private static async Task<Exception?> FailureAsync(Task task)
    {
        try
        {
            await task.WaitAsync(Limit, Cancel);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    /// <summary>Lets the time pass after which the journal tries again.</summary>
    private async Task<JournalVerdict> RetriedAsync(Task<JournalVerdict> append)
    {
        await Until.TrueAsync(
            "committed",
            () =>
            {
                _store.Time.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(append.IsCompleted);
            },
            Limit);
        return await append;
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancel);
    }
}
