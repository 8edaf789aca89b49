using System.Data;
using Microsoft.Data.Sqlite;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Sqlite;

/// <summary>Commits groups in one transaction each, by statements that are prepared once on a connection of its own.</summary>
internal sealed class SqliteJournalCommit(string connectionString, SqliteConnectionSetup setup, SqliteWriteLock writing, Failpoints failpoints) : IJournalCommit, IAsyncDisposable
{
    private JournalStatements? _statements;

    public Task<JournalVerdict[]> CommitAsync(IReadOnlyList<JournalAppend> group) => WriteAsync(
        statements =>
        {
            var verdicts = new JournalVerdict[group.Count];
            for (var i = 0; i < verdicts.Length; i++) verdicts[i] = statements.Write(group[i]);
            return verdicts;
        },
        isWritten: _ => true);

    public Task<JournalVerdict> ReplaceAsync(JournalAppend append, long replaced) => WriteAsync(
        statements =>
        {
            statements.Remove(replaced);
            return statements.Write(append);
        },
        verdict => verdict == JournalVerdict.Committed);

    public async ValueTask DisposeAsync()
    {
        if (_statements is null) return;
        await _statements.DisposeAsync();
        _statements = null;
    }

    /// <summary>Writes in a transaction, which is rolled back where nothing is to stay.</summary>
    private async Task<T> WriteAsync<T>(Func<JournalStatements, T> write, Func<T, bool> isWritten)
    {
        using var acquired = await writing.AcquireAsync(CancellationToken.None);
        var statements = await PreparedAsync();
        try
        {
            // SQLite has one writer: the transaction is the lock on every instance.
            await using var transaction = statements.Begin();
            var written = write(statements);
            if (!isWritten(written)) return written;
            await failpoints.ReachAsync(Failpoint.BeforeCommit);
            await transaction.CommitAsync();
            await failpoints.ReachAsync(Failpoint.AfterCommit);
            return written;
        }
        catch
        {
            // Whatever state it is in, the next commit opens another.
            await DisposeAsync();
            throw;
        }
    }

    private async Task<JournalStatements> PreparedAsync()
    {
        if (_statements is not null) return _statements;
        var connection = new SqliteConnection(connectionString);
        try
        {
            await connection.OpenAsync();
            setup.SetUp(connection);
            return _statements = new JournalStatements(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
