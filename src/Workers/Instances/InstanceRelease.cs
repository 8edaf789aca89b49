using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Workers.Instances;

/// <summary>
/// Ends an owned instance, from within its mailbox. The journal comes first: an instance whose container is gone or
/// hangs is released all the same, and needs no recovery.
/// </summary>
internal sealed class InstanceRelease(EpisodeJournal journal, OwnedInstances owned)
{
    /// <param name="owner">The instance.</param>
    /// <param name="command">The command that ends it.</param>
    /// <param name="why">What happened to it, after "instance 'x' …".</param>
    /// <returns>
    /// What the journal said: a duplicate leaves the instance as it was, and a stale owner has given it up.
    /// </returns>
    public async Task<JournalVerdict> ReleaseAsync(InstanceOwner owner, Command command, string why)
    {
        var now = owner.Now;
        var entry = owner.NewEntry(command, JournalKind.Release);
        (entry.Detail, entry.Answer) = (why, "true"u8.ToArray());
        var progress = owner.Unmoved() with { State = InstanceState.Released, EndedAt = now, EndDetail = why };

        // Not cancelled with the caller's time: once sent, the row may be committed whether anybody waits for it or not.
        var verdict = await journal.AppendAsync(new JournalAppend(entry, progress), CancellationToken.None);
        if (verdict == JournalVerdict.Stale) owned.GiveUp(owner);
        if (verdict != JournalVerdict.Committed) return verdict;

        owned.Remove(owner);
        owner.End();
        return verdict;
    }
}
