using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>Commits a group of rows in one transaction: lock and check the instances, insert, move the instances on.</summary>
internal sealed class JournalCommit(IContextSource contexts, Failpoints failpoints)
{
    /// <summary>SQLite's driver looks every parameter up by its name, one by one, so large statements cost by the square; see decision 0001.</summary>
    private const int SqliteRowsPerStatement = 16;

    private const int SqliteUniqueViolation = 2067;
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    /// <summary>Whether the row itself was refused because its command id or step is recorded already.</summary>
    public static bool IsDuplicate(Exception failure) => failure switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode == SqliteUniqueViolation,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    /// <summary>Whether the database was away or busy: the same rows may be tried again.</summary>
    public static bool IsOutage(Exception failure) => failure switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteBusy or SqliteLocked,
        NpgsqlException postgres => postgres.IsTransient,

        // So the driver's execution strategy hands on a connection that could not be opened.
        InvalidOperationException { InnerException: { } inner } => IsOutage(inner),
        _ => false,
    };

    /// <summary>Whether this very row, and not another of the same command id, is in the journal.</summary>
    public async Task<bool> IsRecordedAsync(JournalEntry entry)
    {
        await using var context = await contexts.OpenAsync(CancellationToken.None);
        return await context.Journal.AnyAsync(row => row.Tenant == entry.Tenant
            && row.CommandId == entry.CommandId
            && row.End == entry.End
            && row.EpisodeId == entry.EpisodeId
            && row.Worker == entry.Worker
            && row.Epoch == entry.Epoch);
    }

    /// <summary>One verdict per row, in order. A stale row drops out alone; any other failure fails the whole group.</summary>
    public async Task<JournalVerdict[]> CommitAsync(IReadOnlyList<JournalAppend> group)
    {
        await using var context = await contexts.OpenAsync(CancellationToken.None);
        await context.Database.OpenConnectionAsync();
        var connection = context.Database.GetDbConnection();
        await using var transaction = await connection.BeginTransactionAsync();

        var stored = await LockAsync(connection, transaction, group, context.Database.IsNpgsql());
        var verdicts = new JournalVerdict[group.Count];
        var current = new List<JournalAppend>(group.Count);
        for (var i = 0; i < group.Count; i++)
        {
            if (IsCurrent(group[i].Progress, stored)) current.Add(group[i]);
            else verdicts[i] = JournalVerdict.Stale;
        }

        if (current.Count == 0) return verdicts;

        var rows = context.Database.IsNpgsql() ? group.Count : SqliteRowsPerStatement;
        foreach (var some in current.Chunk(rows))
        {
            await using var insert = JournalSql.Insert([.. some.Select(append => append.Entry)], connection, transaction);
            await insert.ExecuteNonQueryAsync();
        }

        foreach (var some in current.Where(append => append.Progress is not null).Select(append => append.Progress!).Chunk(rows))
        {
            await using var update = JournalSql.Update(some, connection, transaction);
            await update.ExecuteNonQueryAsync();
        }

        await failpoints.ReachAsync(Failpoint.BeforeCommit);
        await transaction.CommitAsync();
        await failpoints.ReachAsync(Failpoint.AfterCommit);
        return verdicts;
    }

    private static bool IsCurrent(InstanceProgress? progress, Dictionary<long, (int Epoch, int NextStep)> stored) =>
        progress is null
        || (stored.TryGetValue(progress.EpisodeId, out var row) && row == (progress.Epoch, progress.FromStep));

    private static async Task<Dictionary<long, (int Epoch, int NextStep)>> LockAsync(
        DbConnection connection, DbTransaction transaction, IReadOnlyList<JournalAppend> group, bool rowLocks)
    {
        var stored = new Dictionary<long, (int, int)>(group.Count);
        long[] episodes = [.. group.Where(append => append.Progress is not null).Select(append => append.Progress!.EpisodeId)];
        if (episodes.Length == 0) return stored;

        await using var select = JournalSql.Lock(episodes, connection, transaction, rowLocks);
        await using var rows = await select.ExecuteReaderAsync();
        while (await rows.ReadAsync()) stored[rows.GetInt64(0)] = (rows.GetInt32(1), rows.GetInt32(2));
        return stored;
    }
}
