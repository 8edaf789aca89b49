using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Sqlite;

/// <summary>A SQLite file has none: the journal is one table, and rows are removed by themselves.</summary>
internal sealed class SqlitePartitions : IJournalPartitions
{
    public TimeSpan Grace(TimeSpan age) => TimeSpan.Zero;

    public Task<Rotation> RotateAsync(TimeSpan age, CancellationToken cancellationToken) => Task.FromResult(default(Rotation));
}
