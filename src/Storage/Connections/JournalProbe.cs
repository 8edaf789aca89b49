using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace SandQueue.Storage.Connections;

/// <summary>
/// Asks whether the journal can be written. A disk that is full stops workers from renewing their leases, so that all which a gateway
/// sees of it is that no worker is there.
/// </summary>
public sealed class JournalProbe
{
    /// <summary>SQLite's codes for a full disk, and for a file that became read-only.</summary>
    private const int Full = 13, ReadOnly = 8;

    private readonly IContextSource _contexts;

    internal JournalProbe(IContextSource contexts) => _contexts = contexts;

    /// <summary>Why a failure means that nothing can be written; null where it means something else.</summary>
    public static string? Problem(Exception? failure) => failure switch
    {
        null => null,
        SqliteException { SqliteErrorCode: Full or ReadOnly } or PostgresException { SqlState: PostgresErrorCodes.DiskFull } =>
            $"the journal cannot be written: {Reason(failure)}. Make room where it is; SandQueue goes on by itself",
        _ => Problem(failure.InnerException),
    };

    /// <returns>Why it cannot be written; null where it can, or where that is not known.</returns>
    public async Task<string?> ProblemAsync(CancellationToken cancellationToken) => Problem(await WriteAsync(cancellationToken));

    /// <returns>Why it cannot be written now, in words that name no address; null where it can.</returns>
    public async Task<string?> WhyNotWritableAsync(CancellationToken cancellationToken) =>
        await WriteAsync(cancellationToken) is { } failure ? Problem(failure) ?? "the database cannot be reached" : null;

    /// <summary>Writes next to nothing.</summary>
    /// <returns>How that failed; null where it did not.</returns>
    private async Task<Exception?> WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var context = await _contexts.OpenAsync(cancellationToken);
            if (context.Database.IsSqlite())
            {
                // Writes the first page again.
                await context.Database.ExecuteSqlRawAsync("PRAGMA user_version = 0", cancellationToken);
                return null;
            }

            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            await context.Database.ExecuteSqlRawAsync("CREATE TEMPORARY TABLE sandqueue_probe ON COMMIT DROP AS SELECT repeat('x', 1000) FROM generate_series(1, 100)", cancellationToken);
            return null;
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return exception;
        }
    }

    private static string Reason(Exception failure) => failure is PostgresException postgres ? postgres.MessageText : failure.Message;
}
