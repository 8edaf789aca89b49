using System.Data;
using Npgsql;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Postgres;

/// <summary>
/// Commits groups in one round trip each, by a prepared statement on a connection of its own. A connection that was lost is replaced by the next commit. A step whose number is taken
/// though its instance expects it fails the statement: its group is halved until the row is alone, and then it is a duplicate.
/// </summary>
internal sealed class PostgresJournalCommit(PostgresConnections connections, Failpoints failpoints) : IJournalCommit, IAsyncDisposable
{
    private JournalStatement? _statement;

    public async Task<JournalVerdict[]> CommitAsync(IReadOnlyList<JournalAppend> group)
    {
        try
        {
            return await CommitOnceAsync(group);
        }
        catch (PostgresException exception) when (group.Count == 1 && DatabaseFailure.IsDuplicate(exception))
        {
            return [JournalVerdict.Duplicate];
        }
    }

    public async Task<JournalVerdict> ReplaceAsync(JournalAppend append, long replaced)
    {
        try
        {
            return await ReplaceOnceAsync(append, replaced);
        }
        catch (PostgresException exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            return JournalVerdict.Duplicate;
        }
    }

    public ValueTask DisposeAsync() => _statement?.Command.Connection!.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<JournalVerdict[]> CommitOnceAsync(IReadOnlyList<JournalAppend> group)
    {
        var statement = await PreparedAsync();
        statement.Fill(group);

        // A statement is a transaction of its own. A fault before its commit needs one around it.
        await using var transaction = failpoints.IsSet(Failpoint.BeforeCommit) ? await statement.Command.Connection!.BeginTransactionAsync() : null;
        var verdicts = await ExecuteAsync(statement.Command, group.Count);
        if (transaction is not null)
        {
            await failpoints.ReachAsync(Failpoint.BeforeCommit);
            await transaction.CommitAsync();
        }

        await failpoints.ReachAsync(Failpoint.AfterCommit);
        return verdicts;
    }

    private async Task<JournalVerdict> ReplaceOnceAsync(JournalAppend append, long replaced)
    {
        var statement = await PreparedAsync();
        await using var transaction = await statement.Command.Connection!.BeginTransactionAsync();
        await using (var removal = new NpgsqlCommand("DELETE FROM journal WHERE id = $1 AND episode_id IS NULL", statement.Command.Connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = replaced } } })
        {
            await removal.ExecuteNonQueryAsync();
        }

        statement.Fill([append]);
        var verdict = (await ExecuteAsync(statement.Command, 1))[0];
        if (verdict != JournalVerdict.Committed) return verdict;
        await failpoints.ReachAsync(Failpoint.BeforeCommit);
        await transaction.CommitAsync();
        await failpoints.ReachAsync(Failpoint.AfterCommit);
        return verdict;
    }

    private static async Task<JournalVerdict[]> ExecuteAsync(NpgsqlCommand command, int rows)
    {
        var verdicts = new JournalVerdict[rows];
        await using var refused = await command.ExecuteReaderAsync();
        while (await refused.ReadAsync()) verdicts[refused.GetInt64(0) - 1] = refused.GetBoolean(1) ? JournalVerdict.Stale : JournalVerdict.Duplicate;

        // The server sends its rows before it commits; the end of the results is what says that it has.
        await refused.NextResultAsync();
        return verdicts;
    }

    private async Task<JournalStatement> PreparedAsync()
    {
        if (_statement is { Command.Connection.State: ConnectionState.Open } ready) return ready;
        await DisposeAsync();
        _statement = null;
        var connection = await connections.OpenOwnAsync(CancellationToken.None);
        try
        {
            var statement = new JournalStatement(connection);
            await statement.Command.PrepareAsync();
            return _statement = statement;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
