using Microsoft.EntityFrameworkCore;
using SandQueue.Storage.Model;

namespace SandQueue.Storage;

/// <summary>Gives out contexts of whichever database is configured.</summary>
internal interface IContextSource
{
    Task<SandQueueContext> OpenAsync(CancellationToken cancel);
}

internal sealed class ContextSource<TContext>(IDbContextFactory<TContext> factory) : IContextSource
    where TContext : SandQueueContext
{
    public async Task<SandQueueContext> OpenAsync(CancellationToken cancel) => await factory.CreateDbContextAsync(cancel);
}
