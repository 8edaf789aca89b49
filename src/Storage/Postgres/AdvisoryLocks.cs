using SandQueue.Storage.Connections;

namespace SandQueue.Storage.Postgres;

/// <summary>Numbers of advisory locks, which nobody else may use in this database.</summary>
internal static class AdvisoryLocks
{
    public const long Migration = 0x53414E4451554555;

    /// <summary>The first of the scans' locks; see <see cref="Connections.ClusterScan"/>.</summary>
    public const long FirstScan = Migration + 1;
}
