using Microsoft.Data.Sqlite;

namespace SandQueue.Storage.Sqlite;

/// <summary>
/// Queues the writers of the file in the order they came. SQLite lets one write at a time and has no queue: the others sleep, block a thread
/// and try again, and beside a busy journal an insert waited for most of a second.
/// </summary>
internal sealed class SqliteWriteLock : IDisposable
{
    private const int Busy = 5;

    /// <summary>As long as SQLite itself tries; a commit takes milliseconds.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _writer = new(1, 1);

    /// <returns>The lock, which is released when it is disposed of.</returns>
    /// <exception cref="SqliteException">Busy: another write takes too long.</exception>
    public async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        if (!await _writer.WaitAsync(Longest, cancellationToken)) throw new SqliteException($"another write has taken more than {Longest.TotalSeconds:0} s", Busy);
        return new Release(_writer);
    }

    public void Dispose() => _writer.Dispose();

    private sealed class Release(SemaphoreSlim writer) : IDisposable
    {
        private SemaphoreSlim? _writer = writer;

        public void Dispose() => Interlocked.Exchange(ref _writer, null)?.Release();
    }
}
