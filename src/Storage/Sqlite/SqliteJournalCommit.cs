using System.Data;
using Microsoft.Data.Sqlite;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Sqlite;

/// <summary>Commits groups in one transaction each, by statements that are prepared once on a connection of its own.</summary>
internal sealed class SqliteJournalCommit(string connectionString, SqliteConnectionSetup setup, SqliteWriteLock writing, Failpoints failpoints) : IJournalCommit, IAsyncDisposable
{
    private JournalStatements? _statements;

    public async Task<JournalVerdict[]> CommitAsync(IReadOnlyList<JournalAppend> group)
    {
        using var acquired = await writing.AcquireAsync(CancellationToken.None);
        var statements = await PreparedAsync();
        try
        {
            // SQLite has one writer: the transaction is the lock on every instance.
            await using var transaction = statements.Begin();
            var verdicts = new JournalVerdict[group.Count];
            for (var i = 0; i < verdicts.Length; i++) verdicts[i] = statements.Write(group[i]);
            await failpoints.ReachAsync(Failpoint.BeforeCommit);
            await transaction.CommitAsync();
            await failpoints.ReachAsync(Failpoint.AfterCommit);
            return verdicts;
        }
        catch
        {
            // Whatever state it is in, the next commit opens another.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_statements is null) return;
        await _statements.DisposeAsync();
        _statements = null;
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
