using Npgsql;
using NpgsqlTypes;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Postgres;

/// <summary>
/// A commit of the journal as one statement, prepared once: each column of all rows is one array. It locks the instances in id order and checks
/// them, inserts the rows of those that are current in the order of their command ids, and moves on the instances whose rows were inserted. The
/// order of the locks keeps two commits from a deadlock; decision 0005 has the measurements.
/// </summary>
internal sealed class JournalStatement
{
    private const string Sql =
        """
        WITH progress AS MATERIALIZED (
            SELECT * FROM unnest(@moves, @held_epoch, @from_step, @next_step, @state, @end_reason, @last_used_at, @ended_at, @end_detail, @bytes)
                AS progress(episode_id, epoch, from_step, next_step, state, end_reason, last_used_at, ended_at, end_detail, bytes)
        ), locked AS MATERIALIZED (
            SELECT episode_id, epoch, next_step FROM instances WHERE episode_id = ANY(@moves) AND ended_at IS NULL ORDER BY episode_id FOR UPDATE
        ), current AS MATERIALIZED (
            SELECT locked.episode_id FROM locked JOIN progress USING (episode_id, epoch) WHERE locked.next_step = progress.from_step
        ), inserted AS (
            INSERT INTO journal (tenant, command_id, episode_id, kind, target, step, "end", reason, cause, detail, action, params, answer, observation_hash,
                reward, terminated, environment_ms, worker, epoch, recorded_at)
            SELECT entry.*
            FROM unnest(@tenant, @command_id, @episode_id, @kind, @target, @step, @end, @reason, @cause, @detail, @action, @params, @answer, @observation_hash,
                @reward, @terminated, @environment_ms, @worker, @epoch, @recorded_at)
                AS entry(tenant, command_id, episode_id, kind, target, step, "end", reason, cause, detail, action, params, answer, observation_hash,
                reward, terminated, environment_ms, worker, epoch, recorded_at)
            WHERE episode_id IS NULL OR episode_id IN (SELECT episode_id FROM current)
            ORDER BY tenant, command_id
            ON CONFLICT DO NOTHING
            RETURNING tenant, command_id, episode_id
        ), moved AS (
            UPDATE instances SET next_step = progress.next_step, state = progress.state, end_reason = progress.end_reason,
                last_used_at = progress.last_used_at, ended_at = progress.ended_at, end_detail = progress.end_detail, attempts = 0,
                journal_bytes = instances.journal_bytes + progress.bytes
            FROM progress JOIN inserted USING (episode_id) WHERE instances.episode_id = progress.episode_id
        )
        SELECT refused.ordinal, refused.episode_id IS NOT NULL AND refused.episode_id NOT IN (SELECT episode_id FROM current) AS stale
        FROM unnest(@tenant, @command_id, @episode_id) WITH ORDINALITY AS refused(tenant, command_id, episode_id, ordinal)
        LEFT JOIN inserted USING (tenant, command_id) WHERE inserted.command_id IS NULL
        """;

    private readonly List<Action<IReadOnlyList<JournalAppend>, IReadOnlyList<JournalAppend>>> _fill = [];

    public JournalStatement(NpgsqlConnection connection)
    {
        Command = new NpgsqlCommand(Sql, connection);
        Progress("moves", NpgsqlDbType.Bigint, progress => progress.EpisodeId);
        Progress("held_epoch", NpgsqlDbType.Integer, progress => progress.Epoch);
        Progress("from_step", NpgsqlDbType.Integer, progress => progress.FromStep);
        Progress("next_step", NpgsqlDbType.Integer, progress => progress.NextStep);
        Progress("state", NpgsqlDbType.Integer, progress => (int)progress.State);
        Progress("end_reason", NpgsqlDbType.Text, progress => progress.EndReason);
        Progress("last_used_at", NpgsqlDbType.Bigint, progress => progress.LastUsedAt);
        Progress("ended_at", NpgsqlDbType.Bigint, progress => progress.EndedAt);
        Progress("end_detail", NpgsqlDbType.Text, progress => progress.EndDetail);
        Add("bytes", NpgsqlDbType.Bigint, append => (long)append.Bytes, isMove: true);
        Entry("tenant", NpgsqlDbType.Text, append => append.Entry.Tenant);
        Entry("command_id", NpgsqlDbType.Text, append => append.Entry.CommandId);
        Entry("episode_id", NpgsqlDbType.Bigint, append => append.Entry.EpisodeId);
        Entry("kind", NpgsqlDbType.Integer, append => (int)append.Entry.Kind);
        Entry("target", NpgsqlDbType.Text, append => append.Entry.Target);
        Entry("step", NpgsqlDbType.Integer, append => append.Entry.Step);
        Entry("end", NpgsqlDbType.Integer, append => (int)append.Entry.End);
        Entry("reason", NpgsqlDbType.Integer, append => (int)append.Entry.Reason);
        Entry("cause", NpgsqlDbType.Integer, append => (int?)append.Entry.Cause);
        Entry("detail", NpgsqlDbType.Text, append => append.Entry.Detail);
        Entry("action", NpgsqlDbType.Bytea, append => append.Entry.Action);
        Entry("params", NpgsqlDbType.Bytea, append => append.Entry.Params);
        Entry("answer", NpgsqlDbType.Bytea, append => append.Entry.Answer);
        Entry("observation_hash", NpgsqlDbType.Bytea, append => append.Entry.ObservationHash);
        Entry("reward", NpgsqlDbType.Double, append => append.Entry.Reward);
        Entry("terminated", NpgsqlDbType.Boolean, append => append.Entry.Terminated);
        Entry("environment_ms", NpgsqlDbType.Double, append => append.Entry.EnvironmentMs);
        Entry("worker", NpgsqlDbType.Text, append => append.Entry.Worker);
        Entry("epoch", NpgsqlDbType.Integer, append => append.Entry.Epoch);
        Entry("recorded_at", NpgsqlDbType.Bigint, append => append.Entry.RecordedAt);
    }

    public NpgsqlCommand Command { get; }

    /// <summary>Gives the statement the rows of a group.</summary>
    public void Fill(IReadOnlyList<JournalAppend> group)
    {
        JournalAppend[] moves = [.. group.Where(append => append.Progress is not null)];
        foreach (var fill in _fill) fill(group, moves);
    }

    private void Progress<T>(string name, NpgsqlDbType type, Func<InstanceProgress, T> value) => Add(name, type, append => value(append.Progress!), isMove: true);

    private void Entry<T>(string name, NpgsqlDbType type, Func<JournalAppend, T> value) => Add(name, type, value, isMove: false);

    /// <summary>A column of the rows, or one of the moves: of the rows that move an instance on.</summary>
    private void Add<T>(string name, NpgsqlDbType type, Func<JournalAppend, T> value, bool isMove)
    {
        var parameter = new NpgsqlParameter<T[]>(name, NpgsqlDbType.Array | type) { TypedValue = [] };
        Command.Parameters.Add(parameter);
        _fill.Add((group, moves) =>
        {
            var rows = isMove ? moves : group;
            var column = new T[rows.Count];
            for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
            parameter.TypedValue = column;
        });
    }
}
