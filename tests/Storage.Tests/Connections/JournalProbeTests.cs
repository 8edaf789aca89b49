using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SandQueue.Storage.Connections;

namespace SandQueue.Storage.Tests.Connections;

/// <summary>Which failures mean that nothing can be written.</summary>
public sealed class JournalProbeTests
{
    [Fact]
    public void A_full_disk_is_told_from_other_failures_through_its_wrappings()
    {
        JournalProbe.Problem(new DbUpdateException("saving", new SqliteException("SQLite Error 13: 'database or disk is full'.", 13))).ShouldNotBeNull().ShouldContain("disk is full");
        JournalProbe.Problem(new InvalidOperationException("retries", new PostgresException("could not extend file: No space left on device", "ERROR", "ERROR", PostgresErrorCodes.DiskFull)))
            .ShouldNotBeNull().ShouldContain("No space left on device");
        JournalProbe.Problem(new SqliteException("attempt to write a readonly database", 8)).ShouldNotBeNull();
    }

    [Fact]
    public void Other_failures_are_not_taken_for_one()
    {
        JournalProbe.Problem(new SqliteException("database is locked", 5)).ShouldBeNull();
        JournalProbe.Problem(new PostgresException("duplicate key", "ERROR", "ERROR", PostgresErrorCodes.UniqueViolation)).ShouldBeNull();
        JournalProbe.Problem(new TimeoutException()).ShouldBeNull();
    }
}
