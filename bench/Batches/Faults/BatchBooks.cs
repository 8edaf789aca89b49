using Npgsql;

namespace SandQueue.Bench.Batches.Faults;

/// <summary>The books of a batch as its database has them: the batch's row, its rollouts' rows, and every row that the journal has of their instances.</summary>
internal static class BatchBooks
{
    private const string OfBatch = "SELECT items, completed + rejected + expired + cancelled + failed, completed FROM batches WHERE batch_id = $1 AND closed_at IS NOT NULL";

    private const string OfRollouts =
        """
        SELECT count(*), count(r."end"), count(DISTINCT r.number), count(*) FILTER (WHERE r."end" = 1), count(*) FILTER (WHERE r.attempt > 1), count(*) FILTER (WHERE r.claim > 1)
        FROM rollouts r JOIN batches b ON b.id = r.batch WHERE b.batch_id = $1
        """;

    /// <summary>
    /// A rollout of one attempt has one instance, whose name is made of its own. A worker that was killed between the claim of an instance and its Create leaves a
    /// row that has nothing in the journal, and that the others end before they make the instance.
    /// </summary>
    private const string OfJournal =
        """
        SELECT r.rollout_id, r.steps, j.instances, j.unmade, j.living, j.creates, j.steps, j.different, j.highest, j.evaluations, j.releases,
               (SELECT count(*) FROM rollout_turns t WHERE t.rollout = r.id AND t.action IS NOT NULL)
        FROM rollouts r JOIN batches b ON b.id = r.batch, LATERAL (
            SELECT count(DISTINCT e.episode_id) AS instances, count(*) FILTER (WHERE e.id IS NULL) AS unmade, count(DISTINCT i.episode_id) FILTER (WHERE i.ended_at IS NULL) AS living,
                   count(*) FILTER (WHERE e.kind = 1) AS creates, count(*) FILTER (WHERE e.kind = 2) AS steps,
                   count(DISTINCT e.step) FILTER (WHERE e.kind = 2) AS different, coalesce(max(e.step), 0) AS highest,
                   count(*) FILTER (WHERE e.kind = 3) AS evaluations, count(*) FILTER (WHERE e.kind = 4) AS releases
            FROM instances i LEFT JOIN journal e ON e.episode_id = i.episode_id AND e."end" = 1
            WHERE i.tenant = r.tenant AND i.instance_id = 'rollout-' || r.rollout_id || '-' || r.attempt) j
        WHERE b.batch_id = $1
        """;

    /// <returns>What was counted.</returns>
    public static async Task<Dictionary<string, long>> ReadAsync(NpgsqlDataSource database, string batch, Findings findings)
    {
        var (items, ends, completed) = (0L, 0L, 0L);
        await ReadAsync(database, OfBatch, batch, row => (items, ends, completed) = (row.GetInt32(0), row.GetInt32(1), row.GetInt32(2)));
        findings.Require(items > 0 && items == ends && items == completed, $"{batch}: the database has {items} items, {ends} ends and {completed} completed");
        var books = new Dictionary<string, long> { ["items"] = items, ["ends"] = ends };
        await ReadAsync(database, OfRollouts, batch, row =>
        {
            for (var column = 0; column < 4; column++) findings.Same($"{batch}: rows of rollouts, count {column}", items, row.GetInt64(column));
            findings.Same($"{batch}: rollouts begun anew", 0, row.GetInt64(4));
            books["rollouts_that_others_went_on_with"] = row.GetInt64(5);
        });
        var counted = new long[6];
        await ReadAsync(database, OfJournal, batch, row =>
        {
            var (id, steps) = (row.GetString(0), (long)row.GetInt32(1));
            var (instances, unmade, living, creates, taken, different, highest) = (row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), (long)row.GetInt32(8));
            var (evaluations, releases, turns) = (row.GetInt64(9), row.GetInt64(10), row.GetInt64(11));

            // A release that is not answered in time is left to the sweep, which ends what is idle.
            findings.Require(living + releases == 1, $"{id}: {living} of its instances live and {releases} releases are in the journal");
            var isOnce = instances == 1 && creates == 1 && evaluations == 1 && taken == steps && different == steps && highest == steps && turns == steps && releases <= 1;
            findings.Require(isOnce, $"{id}: {steps} steps; instances {instances}, creates {creates}, steps {taken} ({different} different, the highest {highest}), turns {turns}, evaluations {evaluations}, releases {releases} in the database");
            counted[0] += creates;
            counted[1] += taken;
            counted[2] += evaluations;
            counted[3] += releases;
            counted[4] += living;
            counted[5] += unmade;
        });
        (books["creates"], books["steps"], books["evaluations"], books["releases"], books["left_to_the_sweep"], books["claimed_and_never_made"]) =
            (counted[0], counted[1], counted[2], counted[3], counted[4], counted[5]);
        findings.Same($"{batch}: creates in the journal", items, counted[0]);
        return books;
    }

    private static async Task ReadAsync(NpgsqlDataSource database, string statement, string batch, Action<NpgsqlDataReader> read)
    {
        await using var command = database.CreateCommand(statement);
        command.Parameters.AddWithValue(batch);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync()) read(rows);
    }
}
