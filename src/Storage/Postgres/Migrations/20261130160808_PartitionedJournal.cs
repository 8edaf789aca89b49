using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SandQueue.Storage.Postgres.Migrations
{
    /// <summary>
    /// Written by hand, because EF knows no partitions. The table of before becomes the first partition, as it is, so that no row of an episode is copied. What has no episode moves, for it is in
    /// a partition of its own from now on. Neither the primary key nor the uniqueness of command ids can stay, because a unique index of a partitioned table has to contain what it is
    /// partitioned by: ids have a table of their own, and the number of an entry is one of a sequence.
    /// </summary>
    public partial class PartitionedJournal : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(
                """
                ALTER TABLE journal DROP CONSTRAINT journal_opening;
                ALTER TABLE journal DROP CONSTRAINT "PK_journal";
                ALTER TABLE journal ALTER COLUMN id DROP IDENTITY;
                CREATE SEQUENCE journal_ids;
                SELECT setval('journal_ids', COALESCE(max(id), 0) + 1, FALSE) FROM journal;
                DROP INDEX one_end_per_command;
                DROP INDEX ends_without_episode_by_time;
                DROP INDEX entries_by_opening;
                ALTER INDEX one_entry_per_step RENAME TO journal_1_episode_id_step_idx;
                ALTER TABLE journal RENAME TO journal_1;

                CREATE TABLE command_ids (
                    tenant character varying(64) NOT NULL, command_id character varying(200) NOT NULL, entry_id bigint NOT NULL, episode_id bigint,
                    CONSTRAINT one_end_per_command PRIMARY KEY (tenant, command_id));
                INSERT INTO command_ids SELECT tenant, command_id, id, episode_id FROM journal_1;

                CREATE TABLE journal (LIKE journal_1 INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY RANGE (episode_id);

                -- The check spares each new partition a look at all of its rows.
                CREATE TABLE journal_without_episode PARTITION OF journal (CONSTRAINT without_episode CHECK (episode_id IS NULL)) DEFAULT;
                INSERT INTO journal_without_episode SELECT * FROM journal_1 WHERE episode_id IS NULL;
                DELETE FROM journal_1 WHERE episode_id IS NULL;
                CREATE TABLE journal_2 PARTITION OF journal FOR VALUES FROM (10000000000) TO (20000000000);
                CREATE UNIQUE INDEX one_entry_per_step ON journal (episode_id, step);
                CREATE INDEX entries_by_id ON journal (id);
                CREATE INDEX entries_by_opening ON journal (opening_hash) WHERE opening_hash IS NOT NULL;
                CREATE INDEX ends_without_episode_by_time ON journal_without_episode (recorded_at);
                ALTER TABLE journal ATTACH PARTITION journal_1 FOR VALUES FROM (MINVALUE) TO (10000000000);

                -- Since when new episodes have gone to each partition, by the clock of the database.
                CREATE TABLE journal_partitions (number bigint PRIMARY KEY, begun_at bigint NOT NULL);

                -- Keeps the retention from removing an opening that a Create names at this moment.
                ALTER TABLE journal ADD CONSTRAINT journal_opening FOREIGN KEY (opening_hash) REFERENCES openings (hash);
                """);

            // Whatever removes rows of the journal one by one frees their ids. A partition that is dropped fires no trigger, and one whose rows are deleted by its own name neither: who drops it has freed them. The
            // statement has no parameters, so a session plans it once, for as many rows as come first: without the two settings a single row is looked for in the whole table later.
            migrationBuilder.Sql(
                """
                CREATE FUNCTION free_command_ids() RETURNS trigger LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET search_path FROM CURRENT AS $$
                BEGIN
                    DELETE FROM command_ids USING removed
                    WHERE command_ids.tenant = removed.tenant AND command_ids.command_id = removed.command_id AND command_ids.entry_id = removed.id;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER free_command_ids AFTER DELETE ON journal REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION free_command_ids();
                """);
        }

        /// <summary>There is none: a version before would read payloads that it cannot unpack.</summary>
        protected override void Down(MigrationBuilder migrationBuilder) => throw new System.NotSupportedException("there is no way back to a journal without partitions but the backup from before the upgrade");
    }
}
