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

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.HasDbFunction(() => DatabaseClock.Now())
            .HasTranslation(_ => new SqlUnaryExpression(ExpressionType.Convert, new SqlFragmentExpression(Now), typeof(long), new LongTypeMapping("bigint")));
    }
}
