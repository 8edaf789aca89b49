using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using Microsoft.EntityFrameworkCore.Storage;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Postgres;

/// <summary>The model in PostgreSQL: the farm.</summary>
internal sealed class PostgresContext(DbContextOptions<PostgresContext> options) : SandQueueContext(options)
{
    /// <summary>The same through a whole statement, unlike <c>clock_timestamp()</c>, so that comparisons with it can use an index.</summary>
    private const string Now = "(extract(epoch FROM statement_timestamp()) * 1000)";

    /// <summary>By the table of all ids, which says in which partition the entry is. What has no episode is in a partition of its own.</summary>
    public override IQueryable<JournalEntry> EntryOf(string tenant, string commandId) => Journal.FromSql(
        $"""
         SELECT journal.* FROM command_ids JOIN journal ON journal.episode_id = command_ids.episode_id AND journal.id = command_ids.entry_id
         WHERE command_ids.tenant = {tenant} AND command_ids.command_id = {commandId}
         UNION ALL
         SELECT journal.* FROM command_ids JOIN journal ON journal.episode_id IS NULL AND journal.id = command_ids.entry_id
         WHERE command_ids.tenant = {tenant} AND command_ids.command_id = {commandId} AND command_ids.episode_id IS NULL
         """);

    public override async Task ReserveIdAsync(JournalEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        entry.Id = await Database.SqlQuery<long>($"SELECT nextval('journal_ids') AS \"Value\"").SingleAsync(cancellationToken);
        await Database.ExecuteSqlAsync(
            $"INSERT INTO command_ids (tenant, command_id, entry_id, episode_id) VALUES ({entry.Tenant}, {entry.CommandId}, {entry.Id}, {entry.EpisodeId})",
            cancellationToken);
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDbFunction(() => DatabaseClock.Now())
            .HasTranslation(_ => new SqlUnaryExpression(ExpressionType.Convert, new SqlFragmentExpression(Now), typeof(long), new LongTypeMapping("bigint")));
    }
}
