namespace SandQueue.Routing.Limits;

/// <summary>What one tenant may have where that differs from <see cref="TenantLimits"/>; null is as for everyone, 0 no limit.</summary>
public sealed class OwnLimits
{
    /// <inheritdoc cref="TenantLimits.LiveInstances"/>
    public int? LiveInstances { get; init; }

    /// <inheritdoc cref="TenantLimits.CommandsAtOnce"/>
    public int? CommandsAtOnce { get; init; }

    /// <inheritdoc cref="TenantLimits.StepsPerSecond"/>
    public int? StepsPerSecond { get; init; }

    /// <inheritdoc cref="TenantLimits.CreatesAtOnce"/>
    public int? CreatesAtOnce { get; init; }

    /// <inheritdoc cref="TenantLimits.JournalBytes"/>
    public long? JournalBytes { get; init; }
}
