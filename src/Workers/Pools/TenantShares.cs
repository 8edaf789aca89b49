using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>
/// The slots that each tenant has. No tenant gets one of the last tenth while another waits that has fewer. Every member is
/// called under the pool's lock.
/// </summary>
internal sealed class TenantShares(EnvironmentOptions options, TimeProvider time)
{
    /// <summary>
    /// A Create that waited in vain goes back to the queue, where another worker may have a slot, and comes again: meanwhile
    /// its tenant counts as waiting.
    /// </summary>
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _gaveUp = new(StringComparer.Ordinal);

    /// <summary>Slots that count as the last: a tenth, and one at least.</summary>
    private long Last => (((long)options.MaxContainers * options.InstancesPerContainer) - options.SlotsForRecovery + 9) / 10;

    /// <param name="waiting">Who wants a slot.</param>
    /// <param name="free">Slots that new instances still get.</param>
    /// <param name="line">Who waits, this one included or not.</param>
    public bool MayTake(WaitingInstance waiting, long free, IEnumerable<WaitingInstance> line)
    {
        if (waiting.IsRecovery || waiting.Tenant is not { } tenant || free > Last) return true;
        var slots = Slots(tenant);
        return !line.Any(other => !other.IsRecovery && HasFewer(other.Tenant)) && !Returning().Any(HasFewer);

        bool HasFewer(string? other) => other is not null && other != tenant && Slots(other) < slots;
    }

    public void Took(string? tenant)
    {
        if (tenant is null) return;
        _slots[tenant] = Slots(tenant) + 1;
        _gaveUp.Remove(tenant);
    }

    public void Left(string? tenant)
    {
        if (tenant is null) return;
        if (Slots(tenant) <= 1) _slots.Remove(tenant);
        else _slots[tenant]--;
    }

    public void GaveUp(WaitingInstance waiting)
    {
        if (waiting is { IsRecovery: false, Tenant: { } tenant }) _gaveUp[tenant] = time.GetTimestamp();
    }

    private int Slots(string tenant) => _slots.GetValueOrDefault(tenant);

    private List<string> Returning()
    {
        foreach (var (tenant, since) in _gaveUp.ToList())
        {
            if (time.GetElapsedTime(since) > Return) _gaveUp.Remove(tenant);
        }

        return [.. _gaveUp.Keys];
    }
}
