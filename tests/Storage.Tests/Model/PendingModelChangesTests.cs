using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Postgres;
using SandQueue.Storage.Sqlite;

namespace SandQueue.Storage.Tests.Model;

/// <summary>Both sets of migrations, on any machine: comparing them with the model needs no database.</summary>
public sealed class PendingModelChangesTests
{
    [Fact]
    public void The_migrations_for_SQLite_make_the_model()
    {
        using var context = new SqliteContextFactory().CreateDbContext([]);
        context.Database.HasPendingModelChanges().ShouldBeFalse("dotnet ef migrations add NAME --context SqliteContext --output-dir Sqlite/Migrations");
    }

    [Fact]
    public void The_migrations_for_PostgreSQL_make_the_model()
    {
        using var context = new PostgresContextFactory().CreateDbContext([]);
        context.Database.HasPendingModelChanges().ShouldBeFalse("dotnet ef migrations add NAME --context PostgresContext --output-dir Postgres/Migrations");
    }
}
