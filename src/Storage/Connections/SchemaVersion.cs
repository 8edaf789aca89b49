using Microsoft.EntityFrameworkCore;

namespace SandQueue.Storage.Connections;

/// <summary>Tells whether a database was written by a newer version of this program.</summary>
public sealed class SchemaVersion
{
    private readonly IContextSource _contexts;

    internal SchemaVersion(IContextSource contexts) => _contexts = contexts;

    /// <returns>The migrations of the database that this program does not have, the oldest first.</returns>
    public async Task<IReadOnlyList<string>> FindUnknownAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        var applied = await context.Database.GetAppliedMigrationsAsync(cancellationToken);
        return [.. applied.Except(context.Database.GetMigrations())];
    }
}
