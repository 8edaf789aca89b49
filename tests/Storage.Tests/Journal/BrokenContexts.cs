using SandQueue.Storage.Connections;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Tests.Journal;

/// <summary>A database that refuses to be read when the test says so.</summary>
/// <param name="contexts">The database.</param>
/// <param name="fails">Why the attempt of this number, from 1, fails; null lets it through.</param>
internal sealed class BrokenContexts(IContextSource contexts, Func<int, Exception?> fails) : IContextSource
{
    private int _attempts;

    public string Clock => contexts.Clock;

    public string RowLock => contexts.RowLock;

    public async Task<SandQueueContext> OpenAsync(CancellationToken cancellationToken)
    {
        if (fails(Interlocked.Increment(ref _attempts)) is { } failure) throw failure;
        return await contexts.OpenAsync(cancellationToken);
    }

    public Task<SandQueueContext> OpenForWritingAsync(CancellationToken cancellationToken) => contexts.OpenForWritingAsync(cancellationToken);
}
