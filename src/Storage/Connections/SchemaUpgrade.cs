using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging;

namespace SandQueue.Storage.Connections;

/// <summary>Applies the migrations that a database lacks, and says so first where it was filled by an older version: that may take minutes.</summary>
internal sealed partial class SchemaUpgrade(ILogger log)
{
    public async Task RunAsync(DatabaseFacade database, CancellationToken cancellationToken)
    {
        var applied = (await database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        var missing = database.GetMigrations().Except(applied).ToList();
        if (applied.Count > 0 && missing.Count > 0) Begins(applied[^1], missing[^1], missing.Count);
        await database.MigrateAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "the journal was written by an older version and is migrated from {From} to {To}, {Count} migrations; older versions cannot read it afterwards")]
    private partial void Begins(string from, string to, int count);
}
