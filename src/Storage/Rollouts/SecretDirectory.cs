using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Rollouts;

/// <summary>The keys of endpoints that tenants keep here under names, encrypted by who stores them.</summary>
public sealed class SecretDirectory
{
    /// <summary>How exactly is known when a secret was used last: not every use writes.</summary>
    private const long UseMs = 24 * 60 * 60 * 1000;

    private readonly IContextSource _contexts;

    internal SecretDirectory(IContextSource contexts) => _contexts = contexts;

    /// <summary>Stores a secret, in the place of the tenant's of that name.</summary>
    /// <returns>False where the tenant has as many as it may; then nothing was stored.</returns>
    public async Task<bool> PutAsync(Secret secret, int most, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(secret);
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        var row = await context.Secrets.FirstOrDefaultAsync(row => row.Tenant == secret.Tenant && row.Name == secret.Name, cancellationToken);
        if (row is null)
        {
            if (await context.Secrets.CountAsync(other => other.Tenant == secret.Tenant, cancellationToken) >= most) return false;
            secret.UsedAt = secret.UpdatedAt;
            context.Secrets.Add(secret);
        }
        else
        {
            (row.Sealed, row.UpdatedAt) = (secret.Sealed, secret.UpdatedAt);
        }

        await context.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <returns>False where the tenant has none of that name.</returns>
    public async Task<bool> RemoveAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        return await context.Secrets.Where(row => row.Tenant == tenant && row.Name == name).ExecuteDeleteAsync(cancellationToken) > 0;
    }

    /// <summary>The tenant's secret of that name, or null.</summary>
    public async Task<Secret?> FindAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Secrets.AsNoTracking().FirstOrDefaultAsync(row => row.Tenant == tenant && row.Name == name, cancellationToken);
    }

    /// <summary>The same for a policy that is given it.</summary>
    public async Task<Secret?> UseAsync(string tenant, string name, CancellationToken cancellationToken)
    {
        if (await FindAsync(tenant, name, cancellationToken) is not { } secret) return null;
        await using var context = await _contexts.OpenForWritingAsync(cancellationToken);
        await context.Secrets.Where(row => row.Tenant == tenant && row.Name == name && row.UsedAt < DatabaseClock.Now() - UseMs)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.UsedAt, row => DatabaseClock.Now()), cancellationToken);
        return secret;
    }

    /// <summary>The tenant's secrets by name.</summary>
    public async Task<List<Secret>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        await using var context = await _contexts.OpenAsync(cancellationToken);
        return await context.Secrets.AsNoTracking().Where(row => row.Tenant == tenant).OrderBy(row => row.Name).ToListAsync(cancellationToken);
    }
}
