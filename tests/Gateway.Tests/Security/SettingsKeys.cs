using SandQueue.Gateway.Security;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.Security;

/// <summary>Keys of the settings alone, without a database.</summary>
internal sealed class SettingsKeys(ApiKeys keys, KeyScope scope = KeyScope.Use) : IKeyRing
{
    public bool IsOpen => keys.IsEmpty;

    public ValueTask<Access?> FindAsync(string? key, CancellationToken cancellationToken) =>
        ValueTask.FromResult(keys.TenantOf(key) is { } tenant ? new Access(tenant, keys.IsAdmin(key) ? KeyScope.Admin : scope) : null);
}
