using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tenants;

/// <summary>The API keys that were issued. Revoked ones stay, so that a key that turns up somewhere can be told whose it was.</summary>
public sealed class KeyDirectory
{
    private readonly IContextSource _contexts;

    internal KeyDirectory(IContextSource contexts) => _contexts = contexts;

    public async Task AddAsync(StoredKey key, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        context.Keys.Add(key);
        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>All keys, those of one tenant together, the oldest first.</summary>
    /// <param name="tenant">Only this tenant's; null for everyone's.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async Task<List<StoredKey>> ListAsync(string? tenant, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Keys.AsNoTracking()
            .Where(key => tenant == null || key.Tenant == tenant)
            .OrderBy(key => key.Tenant).ThenBy(key => key.CreatedAt).ThenBy(key => key.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>The keys that are not revoked; some may have expired.</summary>
    public async Task<List<StoredKey>> ListIssuedAsync(CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Keys.AsNoTracking().Where(key => key.RevokedAt == null).ToListAsync(cancellationToken);
    }

    /// <returns>False where there is no such key, or it was revoked before.</returns>
    public async Task<bool> RevokeAsync(string id, long now, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Keys.Where(key => key.Id == id && key.RevokedAt == null).ExecuteUpdateAsync(key => key.SetProperty(row => row.RevokedAt, now), cancellationToken) > 0;
    }
}
