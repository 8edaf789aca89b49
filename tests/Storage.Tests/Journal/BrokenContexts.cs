using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>A database that is away when the test says so.</summary>
/// <param name="contexts">The database.</param>
/// <param name="fails">Why the attempt of this number, from 1, fails; null lets it through.</param>
internal sealed class BrokenContexts(IContextSource contexts, Func<int, Task<Exception?>> fails) : IContextSource
{
    private int _attempts;

    public int Attempts => _attempts;

    public async Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken)
    {
        if (await fails(Interlocked.Increment(ref _attempts)) is { } failure) throw failure;
        return await contexts.OpenAsync(cancellationToken);
    }

    public Task<long> NowAsync(SandQueueContext context, CancellationToken cancellationToken) => contexts.NowAsync(context, cancellationToken);
}
