using Microsoft.Data.Sqlite;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Sqlite;

/// <summary>The statements of a commit, a row at a time: without a network between, many rows to a statement save nothing.</summary>
internal sealed class JournalStatements : IAsyncDisposable
{
    private const string Current = "SELECT 1 FROM instances WHERE episode_id = @episode_id AND epoch = @held_epoch AND next_step = @from_step AND ended_at IS NULL";

    private const string Columns =
        "tenant, command_id, episode_id, kind, target, step, \"end\", reason, cause, detail, action, params, answer, opening_hash, opening_ranges, observation_hash, reward, terminated, environment_ms, worker, epoch, recorded_at";

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _move;
    private readonly SqliteCommand _current;
    private readonly SqliteCommand _keep;
    private readonly SqliteCommand _remove;

    /// <param name="connection">An open connection, which is closed with the statements.</param>
    public JournalStatements(SqliteConnection connection)
    {
        _connection = connection;
        _insert = Prepare(
            $"INSERT INTO journal ({Columns}) SELECT @{Columns.Replace("\"", "", StringComparison.Ordinal).Replace(", ", ", @", StringComparison.Ordinal)} WHERE @episode_id IS NULL OR EXISTS ({Current}) ON CONFLICT DO NOTHING",
            [.. Columns.Replace("\"", "", StringComparison.Ordinal).Split(", "), "held_epoch", "from_step"]);
        _move = Prepare(
            "UPDATE instances SET next_step = @next_step, state = @state, end_reason = @end_reason, last_used_at = @last_used_at, ended_at = @ended_at, end_detail = @end_detail, attempts = 0, journal_bytes = journal_bytes + @bytes WHERE episode_id = @episode_id",
            ["episode_id", "next_step", "state", "end_reason", "last_used_at", "ended_at", "end_detail", "bytes"]);
        _current = Prepare(Current, ["episode_id", "held_epoch", "from_step"]);
        _keep = Prepare("INSERT INTO openings (hash, content) VALUES (@hash, @content) ON CONFLICT DO NOTHING", ["hash", "content"]);
        _remove = Prepare("DELETE FROM journal WHERE id = @id", ["id"]);
    }

    /// <summary>Begins a transaction that may write: it waits for the one writer before it.</summary>
    public SqliteTransaction Begin()
    {
        var transaction = _connection.BeginTransaction();
        (_insert.Transaction, _move.Transaction, _current.Transaction, _keep.Transaction, _remove.Transaction) = (transaction, transaction, transaction, transaction, transaction);
        return transaction;
    }

    /// <summary>Inserts a row and moves its instance on, or says why not.</summary>
    public JournalVerdict Write(JournalAppend append)
    {
        if (Insert(append) == 0) return append.Progress is { } refused && !IsCurrent(refused) ? JournalVerdict.Stale : JournalVerdict.Duplicate;
        if (append.Progress is { } progress) Move(progress, append.Bytes);
        if (append.Cut is { } cut) Keep(cut.Opening);
        return JournalVerdict.Committed;
    }

    /// <summary>Removes a row, if it is still there.</summary>
    public void Remove(long id)
    {
        Fill(_remove, [id]);
        _remove.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        await _remove.DisposeAsync();
        await _keep.DisposeAsync();
        await _insert.DisposeAsync();
        await _move.DisposeAsync();
        await _current.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private int Insert(JournalAppend append)
    {
        var entry = append.Entry;
        Fill(
            _insert,
            [
                entry.Tenant, entry.CommandId, entry.EpisodeId, (int)entry.Kind, entry.Target, entry.Step, (int)entry.End, (int)entry.Reason, (int?)entry.Cause, entry.Detail,
                append.StoredAction, entry.Params, append.StoredAnswer, append.Cut?.Opening.Hash, append.Cut?.Ranges, entry.ObservationHash, entry.Reward, entry.Terminated, entry.EnvironmentMs, entry.Worker, entry.Epoch, entry.RecordedAt,
                append.Progress?.Epoch, append.Progress?.FromStep,
            ]);
        return _insert.ExecuteNonQuery();
    }

    private void Move(InstanceProgress progress, int bytes)
    {
        Fill(_move, [progress.EpisodeId, progress.NextStep, (int)progress.State, progress.EndReason, progress.LastUsedAt, progress.EndedAt, progress.EndDetail, bytes]);
        _move.ExecuteNonQuery();
    }

    /// <summary>Behind its row and in the same transaction, so that nobody finds the one without the other.</summary>
    private void Keep(StoredOpening opening)
    {
        Fill(_keep, [opening.Hash, opening.Content]);
        _keep.ExecuteNonQuery();
    }

    private bool IsCurrent(InstanceProgress progress)
    {
        Fill(_current, [progress.EpisodeId, progress.Epoch, progress.FromStep]);
        return _current.ExecuteScalar() is not null;
    }

    private SqliteCommand Prepare(string sql, IEnumerable<string> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = $"@{parameter}" });
        return command;
    }

    private static void Fill(SqliteCommand command, ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
