using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SandQueue.Storage.Connections;

/// <summary>Classifies exceptions: those of the database, through the wrappings EF gives them, and what can be done about them.</summary>
public static class DatabaseFailure
{
    private const int SqliteUniqueViolation = 2067;
    private const int SqlitePrimaryKeyViolation = 1555;
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    /// <summary>Whether the database could not be reached or refused: whether a write took effect is unknown.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        DbException or DbUpdateException => true,
        InvalidOperationException { InnerException: { } inner } => Is(inner),
        _ => false,
    };

    /// <summary>Whether the database was unavailable or busy: the same statement may be tried again.</summary>
    internal static bool IsTransient(Exception exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SqliteBusy or SqliteLocked,

        // The retention removed an opening at the moment when a Create came that names it: the next try inserts it again.
        PostgresException named when IsReference(named) => true,
        NpgsqlException postgres => postgres.IsTransient,

        // EF's execution strategy wraps the failure to open a connection in this.
        InvalidOperationException { InnerException: { } inner } => IsTransient(inner),
        _ => false,
    };

    /// <summary>Whether a row that another names was to be removed, or one inserted that names a row which is gone.</summary>
    internal static bool IsReference(Exception exception) => exception is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation };

    /// <summary>Whether a row was refused because a unique index has its key already.</summary>
    internal static bool IsDuplicate(Exception? exception) => exception switch
    {
        SqliteException sqlite => sqlite.SqliteExtendedErrorCode is SqliteUniqueViolation or SqlitePrimaryKeyViolation,
        PostgresException postgres => postgres.SqlState == PostgresErrorCodes.UniqueViolation,
        DbUpdateException update => IsDuplicate(update.InnerException),
        _ => false,
    };
}
