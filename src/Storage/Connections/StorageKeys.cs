namespace SandQueue.Storage.Connections;

/// <summary>Keys of services that there are several of.</summary>
internal static class StorageKeys
{
    /// <summary>The <see cref="IContextSource"/> of leases, whose connection nobody else uses.</summary>
    public const string Leases = "leases";
}
