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
    public static bool Is(JournalEntry entry) => entry is { End: CommandEnd.Rejected, Reason: CommandReason.InvalidRequest or CommandReason.RecordedMiss, EpisodeId: null };

    /// <summary>The row of the refusal of another request under the id of this entry; null where there is none.</summary>
    public static async Task<long?> FindOfAnotherAsync(IContextSource contexts, JournalEntry entry, CancellationToken cancellationToken)
    {
        await using var context = await contexts.OpenAsync(cancellationToken);
        var recorded = await context.EntryOf(entry.Tenant, entry.CommandId).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        if (recorded is null || !Is(recorded)) return null;

        var instance = entry.EpisodeId is { } episode ? await context.Instances.AsNoTracking().FirstOrDefaultAsync(row => row.EpisodeId == episode, cancellationToken) : null;
        return AreSame(recorded, entry, CommandContent.Target(entry, instance)) ? null : recorded.Id;
    }

    /// <summary>Whether an entry is of the request that was refused, as far as the refusal tells.</summary>
    private static bool AreSame(JournalEntry refusal, JournalEntry entry, string? target) =>
        refusal.Kind == entry.Kind
        && (refusal.Target is null || refusal.Target == target)
        && JsonMeaning.AreSame(refusal.Action, entry.Action)
        && JsonMeaning.AreSame(refusal.Params, entry.Params);
}
