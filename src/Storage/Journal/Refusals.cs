using Microsoft.EntityFrameworkCore;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Journal;

/// <summary>
/// Ends of requests that were wrong. Such an end is recorded, so that a copy of that request which still waits somewhere is never executed
/// after its caller was told that it was not. It does not use its id up: a caller that fixes the request sends it under the same id, and
/// the end of that takes the place of the refusal.
/// </summary>
internal static class Refusals
{
    public static bool Is(JournalEntry entry) => entry is { End: CommandEnd.Rejected, Reason: CommandReason.InvalidRequest, EpisodeId: null };

    /// <summary>Removes the refusal of another request where one has the id of this entry.</summary>
    /// <returns>Whether the id is free now.</returns>
    public static async Task<bool> TryRemoveAsync(IContextSource contexts, JournalEntry entry, CancellationToken cancellationToken)
    {
        if (await FindAsync(contexts, entry, cancellationToken) is not { } recorded || !Is(recorded) || CommandContent.AreSame(recorded, entry)) return false;

        await using var context = await contexts.OpenForWritingAsync(cancellationToken);
        await context.Journal.Where(row => row.Id == recorded.Id).ExecuteDeleteAsync(cancellationToken);
        return true;
    }

    private static async Task<JournalEntry?> FindAsync(IContextSource contexts, JournalEntry entry, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(cancellationToken);
        return await context.Journal.AsNoTracking().FirstOrDefaultAsync(row => row.Tenant == entry.Tenant && row.CommandId == entry.CommandId, cancellationToken);
    }
}
