namespace SandQueue.Dashboard.Overview;

/// <summary>What a tenant uses of the farm.</summary>
/// <param name="Tenant">Its name.</param>
/// <param name="LiveInstances">Its living instances.</param>
/// <param name="LiveLimit">How many it may have; 0 is no limit.</param>
/// <param name="Creates">Creates of the last minute.</param>
/// <param name="Steps">Steps of the last minute.</param>
public sealed record TenantUse(string Tenant, int LiveInstances, int LiveLimit, int Creates, int Steps)
{
    /// <summary>The part of its limit that it has taken; 0 where it has none.</summary>
    public double OfLimit => LiveLimit == 0 ? 0 : LiveInstances / (double)LiveLimit;
}
