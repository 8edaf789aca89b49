using SandQueue.Gateway.Tools;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Catalogue;

/// <summary>Reads where an episode stands from the journal, so that any gateway can go on with what another began.</summary>
internal sealed class RecordedEpisodes(InstanceListing instances, JournalPages journal)
{
    /// <summary>The newest instance of that name, living or ended; null where the tenant has none, or it was never made.</summary>
    public async Task<RecordedEpisode?> FindAsync(string tenant, string instanceId, CancellationToken cancellationToken)
    {
        if (await instances.FindAsync(tenant, instanceId, episodeId: null, cancellationToken) is not { } instance) return null;
        byte[]? opening = null, last = null, evaluation = null;
        OfferedTools? tools = null;
        await foreach (var entry in journal.ReadEpisodeAsync(instance.EpisodeId, after: 0, int.MaxValue, cancellationToken))
        {
            if (entry.Kind == JournalKind.Create && opening is null) (opening, tools) = (entry.Answer, OfferedTools.Of(entry.Answer));
            else if (entry.Kind == JournalKind.Step && entry.Step is not null) (last, evaluation, tools) = (entry.Answer, null, tools?.After(entry.Answer));
            else if (entry.Kind == JournalKind.Evaluate) evaluation = entry.Answer;
        }

        return opening is null ? null : new RecordedEpisode(instance, opening, last, evaluation, tools!);
    }
}
