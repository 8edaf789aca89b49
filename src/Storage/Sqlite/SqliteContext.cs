using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Query.SqlExpressions;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Sqlite;

/// <summary>The model in a SQLite file: the embedded mode.</summary>
internal sealed class SqliteContext(DbContextOptions<SqliteContext> options) : SandQueueContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDbFunction(() => DatabaseClock.Now())
            .HasTranslation(_ => new SqlFunctionExpression(SqliteConnectionSetup.ClockFunction, [], nullable: false, [], typeof(long), typeMapping: null));
    }
}
