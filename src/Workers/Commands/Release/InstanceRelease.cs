using SandQueue.Contracts;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Ownership;

namespace SandQueue.Workers.Commands.Release;

/// <summary>
/// Ends an owned instance, from within its mailbox. The journal comes first: an instance whose container is gone or
/// hangs is released all the same, and needs no recovery.
/// </summary>
internal sealed class InstanceRelease(EpisodeJournal journal, OwnedInstances owned)
{
    /// <param name="owner">The instance.</param>
    /// <param name="command">The command that ends it.</param>
    /// <param name="why">What happened to it, after "instance 'x' …".</param>
    /// <param name="cancel">Gives the wait for the journal up.</param>
    /// <returns>False where the instance has another owner.</returns>
    public async Task<bool> ReleaseAsync(InstanceOwner owner, ICommand command, string why, CancellationToken cancel)
    {
        var now = owner.Now;
        var entry = owner.NewEntry(command, JournalKind.Release);
        (entry.Detail, entry.Answer) = (why, "true"u8.ToArray());
        var progress = owner.Unmoved() with { State = InstanceState.Released, EndedAt = now, EndDetail = why };
        var released = await journal.AppendAsync(new JournalAppend(entry, progress), cancel) == JournalVerdict.Committed;

        owned.Remove(owner);
        owner.End(CommandReason.Released, InstanceWords.Ended(owner.InstanceId, why, now));
        return released;
    }
}
