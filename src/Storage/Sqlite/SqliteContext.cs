using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Sqlite;

/// <summary>The model in a SQLite file: the embedded mode.</summary>
internal sealed class SqliteContext(DbContextOptions<SqliteContext> options) : SandQueueContext(options)
{
    /// <summary>The lock of a context that was opened to write; it ends with the context's use.</summary>
    public IDisposable? Writing { get; set; }

    public override IQueryable<JournalEntry> EntryOf(string tenant, string commandId) => Journal.Where(entry => entry.Tenant == tenant && entry.CommandId == commandId);

    /// <summary>The unique index reserves it with the entry.</summary>
    public override Task ReserveIdAsync(JournalEntry entry, CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Dispose()
    {
        using (TakeWriting()) base.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        using (TakeWriting()) await base.DisposeAsync();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<JournalEntry>().HasIndex(row => new { row.Tenant, row.CommandId }).IsUnique().HasDatabaseName("one_end_per_command");
        modelBuilder.HasDbFunction(() => DatabaseClock.Now())
            .HasTranslation(_ => new SqlFunctionExpression(SqliteConnectionSetup.ClockFunction, [], nullable: false, [], typeof(long), typeMapping: null));
    }

    /// <summary>A disposed context goes back to its pool, and may be another's before the disposal returns.</summary>
    private IDisposable? TakeWriting()
    {
        var writing = Writing;
        Writing = null;
        return writing;
    }
}
