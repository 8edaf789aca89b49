using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>
/// The three statements of a commit, each for many rows at once, in the SQL that both databases share. EF's own
/// inserts cost about four times as much processor time a row; see decision 0001.
/// </summary>
internal static class JournalSql
{
    private const string Columns =
        "tenant, command_id, episode_id, kind, step, \"end\", reason, cause, detail, action, params, answer, observation_hash, reward, terminated, environment_ms, worker, epoch, recorded_at";

    /// <summary>Locks the living instances among <paramref name="episodes"/>, in id order so that two commits cannot deadlock.</summary>
    public static DbCommand Lock(IReadOnlyList<long> episodes, DbConnection connection, DbTransaction transaction, bool rowLocks)
    {
        var command = New(connection, transaction);
        var sql = new StringBuilder("SELECT episode_id, epoch, next_step FROM instances WHERE ended_at IS NULL AND episode_id IN (");
        for (var i = 0; i < episodes.Count; i++) sql.Append(i == 0 ? "" : ", ").Append(Add(command, DbType.Int64, episodes[i]));
        sql.Append(") ORDER BY episode_id");

        // SQLite has one writer, and the transaction is it already.
        if (rowLocks) sql.Append(" FOR UPDATE");
        command.CommandText = sql.ToString();
        return command;
    }

    public static DbCommand Insert(IReadOnlyList<JournalEntry> entries, DbConnection connection, DbTransaction transaction)
    {
        var command = New(connection, transaction);
        var sql = new StringBuilder("INSERT INTO journal (").Append(Columns).Append(") VALUES ");
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            sql.Append(i == 0 ? "(" : ", (").AppendJoin(", ",
                Add(command, DbType.String, entry.Tenant),
                Add(command, DbType.String, entry.CommandId),
                Add(command, DbType.Int64, entry.EpisodeId),
                Add(command, DbType.Int32, (int)entry.Kind),
                Add(command, DbType.Int32, entry.Step),
                Add(command, DbType.Int32, (int)entry.End),
                Add(command, DbType.Int32, (int)entry.Reason),
                Add(command, DbType.Int32, (int?)entry.Cause),
                Add(command, DbType.String, entry.Detail),
                Add(command, DbType.Binary, entry.Action),
                Add(command, DbType.Binary, entry.Params),
                Add(command, DbType.Binary, entry.Answer),
                Add(command, DbType.Binary, entry.ObservationHash),
                Add(command, DbType.Double, entry.Reward),
                Add(command, DbType.Boolean, entry.Terminated),
                Add(command, DbType.Double, entry.EnvironmentMs),
                Add(command, DbType.String, entry.Worker),
                Add(command, DbType.Int32, entry.Epoch),
                Add(command, DbType.Int64, entry.RecordedAt)).Append(')');
        }

        command.CommandText = sql.ToString();
        return command;
    }

    public static DbCommand Update(IReadOnlyList<InstanceProgress> moved, DbConnection connection, DbTransaction transaction)
    {
        var command = New(connection, transaction);
        var sql = new StringBuilder(
            "UPDATE instances SET next_step = moved.column2, state = moved.column3, end_reason = moved.column4, last_used_at = moved.column5, "
            + "ended_at = moved.column6, end_detail = moved.column7, attempts = 0 FROM (VALUES ");
        for (var i = 0; i < moved.Count; i++)
        {
            var progress = moved[i];
            sql.Append(i == 0 ? "(" : ", (").AppendJoin(", ",
                Add(command, DbType.Int64, progress.EpisodeId),
                Add(command, DbType.Int32, progress.NextStep),
                Add(command, DbType.Int32, (int)progress.State),
                Add(command, DbType.String, progress.EndReason),
                Add(command, DbType.Int64, progress.LastUsedAt),
                Add(command, DbType.Int64, progress.EndedAt),
                Add(command, DbType.String, progress.EndDetail)).Append(')');
        }

        command.CommandText = sql.Append(") AS moved WHERE instances.episode_id = moved.column1").ToString();
        return command;
    }

    private static DbCommand New(DbConnection connection, DbTransaction transaction)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        return command;
    }

    private static string Add(DbCommand command, DbType type, object? value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = string.Create(CultureInfo.InvariantCulture, $"@p{command.Parameters.Count}");
        parameter.DbType = type;
        parameter.Value = value ?? DBNull.Value;
        command.Parameters.Add(parameter);
        return parameter.ParameterName;
    }
}
