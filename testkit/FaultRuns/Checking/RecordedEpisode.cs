using SandQueue.FaultRuns.Clients;
using SandQueue.Storage.Model;

namespace SandQueue.FaultRuns.Checking;

/// <summary>An instance as its client knows it, and as the journal does.</summary>
/// <param name="Played">What the client did.</param>
/// <param name="Rows">Every instance of that name; more than one where a Create failed first.</param>
/// <param name="Entries">The journal's rows in the order they were written.</param>
internal sealed record RecordedEpisode(PlayedEpisode Played, IReadOnlyList<Instance> Rows, IReadOnlyList<JournalEntry> Entries)
{
    /// <summary>Whether another owner or another life in a container took it on.</summary>
    public bool WasTakenOver => Entries.Select(entry => entry.Epoch).Where(epoch => epoch > 0).Distinct().Count() > 1;
}
