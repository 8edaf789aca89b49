using Npgsql;
using NpgsqlTypes;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Postgres;

/// <summary>
/// A commit of the journal as one statement, prepared once: each column of all rows is one array. It locks the instances in id order and checks
/// them, takes the command ids of the rows whose instances are current, in their order, inserts the rows whose ids were free, and moves on their instances. What
/// the answers of Creates have in common is inserted where it is new, in the order of its hashes. The order of the locks keeps two commits from a deadlock; decision 0005 has the measurements,
/// and decision 0014 why ids have a table of their own.
/// </summary>
internal sealed class JournalStatement
{
    private const string Sql =
        """
        WITH kept AS (
            INSERT INTO openings (hash, content) SELECT * FROM unnest(@openings, @contents) AS opening(hash, content) ORDER BY hash ON CONFLICT DO NOTHING
        ), progress AS MATERIALIZED (
            SELECT * FROM unnest(@moves, @held_epoch, @from_step, @next_step, @state, @end_reason, @last_used_at, @ended_at, @end_detail, @bytes)
                AS progress(episode_id, epoch, from_step, next_step, state, end_reason, last_used_at, ended_at, end_detail, bytes)
        ), locked AS MATERIALIZED (
            SELECT episode_id, epoch, next_step FROM instances WHERE episode_id = ANY(@moves) AND ended_at IS NULL ORDER BY episode_id FOR UPDATE
        ), current AS MATERIALIZED (
            SELECT locked.episode_id FROM locked JOIN progress USING (episode_id, epoch) WHERE locked.next_step = progress.from_step
        ), taken AS (
            INSERT INTO command_ids (tenant, command_id, entry_id, episode_id)
            SELECT tenant, command_id, nextval('journal_ids'), episode_id
            FROM unnest(@tenant, @command_id, @episode_id) AS asked(tenant, command_id, episode_id)
            WHERE episode_id IS NULL OR episode_id IN (SELECT episode_id FROM current)
            ORDER BY tenant, command_id
            ON CONFLICT DO NOTHING
            RETURNING tenant, command_id, entry_id
        ), inserted AS (
            INSERT INTO journal (id, tenant, command_id, episode_id, kind, target, step, "end", reason, cause, detail, action, params, answer, opening_hash, opening_ranges, observation_hash,
                reward, terminated, environment_ms, worker, epoch, recorded_at)
            SELECT taken.entry_id, entry.*
            FROM taken JOIN unnest(@tenant, @command_id, @episode_id, @kind, @target, @step, @end, @reason, @cause, @detail, @action, @params, @answer, @opening_hash, @opening_ranges, @observation_hash,
                @reward, @terminated, @environment_ms, @worker, @epoch, @recorded_at)
                AS entry(tenant, command_id, episode_id, kind, target, step, "end", reason, cause, detail, action, params, answer, opening_hash, opening_ranges, observation_hash,
                reward, terminated, environment_ms, worker, epoch, recorded_at)
                ON entry.tenant = taken.tenant AND entry.command_id = taken.command_id
            RETURNING episode_id
        ), moved AS (
            UPDATE instances SET next_step = progress.next_step, state = progress.state, end_reason = progress.end_reason,
                last_used_at = progress.last_used_at, ended_at = progress.ended_at, end_detail = progress.end_detail, attempts = 0,
                journal_bytes = instances.journal_bytes + progress.bytes
            FROM progress JOIN inserted USING (episode_id) WHERE instances.episode_id = progress.episode_id
        )
        SELECT refused.ordinal, refused.episode_id IS NOT NULL AND refused.episode_id NOT IN (SELECT episode_id FROM current) AS stale
        FROM unnest(@tenant, @command_id, @episode_id) WITH ORDINALITY AS refused(tenant, command_id, episode_id, ordinal)
        LEFT JOIN taken USING (tenant, command_id) WHERE taken.entry_id IS NULL
        """;

    private readonly List<Action<Rows>> _fill = [];

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
        Add("bytes", NpgsqlDbType.Bigint, rows => rows.Moves, append => (long)append.Bytes);
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
        Entry("action", NpgsqlDbType.Bytea, append => append.StoredAction);
        Entry("params", NpgsqlDbType.Bytea, append => append.Entry.Params);
        Entry("answer", NpgsqlDbType.Bytea, append => append.StoredAnswer);
        Entry("opening_hash", NpgsqlDbType.Bytea, append => append.Cut?.Opening.Hash);
        Entry("opening_ranges", NpgsqlDbType.Bytea, append => append.Cut?.Ranges);
        Opening("openings", opening => opening.Hash);
        Opening("contents", opening => opening.Content);
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
        var rows = new Rows(group, [.. group.Where(append => append.Progress is not null)], OpeningsOf(group));
        foreach (var fill in _fill) fill(rows);
    }

    private void Progress<T>(string name, NpgsqlDbType type, Func<InstanceProgress, T> value) => Add(name, type, rows => rows.Moves, append => value(append.Progress!));

    private void Entry<T>(string name, NpgsqlDbType type, Func<JournalAppend, T> value) => Add(name, type, rows => rows.Group, value);

    private void Opening(string name, Func<StoredOpening, byte[]> value) => Add(name, NpgsqlDbType.Bytea, rows => rows.Openings, value);

    /// <summary>A column: an array of one value for each of some rows.</summary>
    private void Add<TRow, T>(string name, NpgsqlDbType type, Func<Rows, IReadOnlyList<TRow>> of, Func<TRow, T> value)
    {
        var parameter = new NpgsqlParameter<T[]>(name, NpgsqlDbType.Array | type) { TypedValue = [] };
        Command.Parameters.Add(parameter);
        _fill.Add(group =>
        {
            var rows = of(group);
            var column = new T[rows.Count];
            for (var i = 0; i < column.Length; i++) column[i] = value(rows[i]);
            parameter.TypedValue = column;
        });
    }

    /// <summary>Each once, though many of a group may be of one task.</summary>
    private static StoredOpening[] OpeningsOf(IReadOnlyList<JournalAppend> group) => group.Any(append => append.Cut is not null)
        ? [.. group.Select(append => append.Cut?.Opening).OfType<StoredOpening>().DistinctBy(opening => Convert.ToHexString(opening.Hash))]
        : [];

    /// <summary>What the columns are made of: the rows, those of them that move an instance on, and the openings that they name.</summary>
    private sealed record Rows(IReadOnlyList<JournalAppend> Group, IReadOnlyList<JournalAppend> Moves, IReadOnlyList<StoredOpening> Openings);
}
