using SandQueue.Routing.Outcomes;

namespace SandQueue.Routing.Limits;

/// <summary>Says whether a tenant may write more into the journal, <see cref="TenantLimits.JournalBytes"/>.</summary>
public interface IJournalRoom
{
    /// <summary>Why what writes a row may not begin; null where it may. What cannot be looked up refuses nobody.</summary>
    /// <param name="tenant">Whose rows they are.</param>
    /// <param name="cancellationToken">Gives the wait up.</param>
    ValueTask<CommandOutcome.Rejected?> FindOverAsync(string tenant, CancellationToken cancellationToken);
}
