namespace SandQueue.Dashboard.Calls;

/// <summary>What the pages say of the gateway that serves them.</summary>
/// <param name="IsFarm">Whether its workers are programs of their own, which can be drained.</param>
/// <param name="Version">The gateway's version.</param>
public sealed record DashboardSettings(bool IsFarm, string Version);
