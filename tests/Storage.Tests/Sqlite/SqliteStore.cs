using Microsoft.Data.Sqlite;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Storage.Tests.Sqlite;

public sealed class SqliteStore : StoreFixture
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-store-");
    private int _databases;

    public override Task<StorageOptions> CreateDatabaseAsync() =>
        Task.FromResult(new StorageOptions { ConnectionString = $"Data Source={Path.Combine(_folder.FullName, $"{++_databases}.db")}" });

    /// <summary>The database runs within this process, and its clock is the process's.</summary>
    public override Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        return Task.CompletedTask;
    }

    public override (string Before, string Explain) Plans => ("", "EXPLAIN QUERY PLAN");

    public override Exception NewOutage() => new SqliteException("database is locked", 5);

    public override void MakeUnwritable(JournalEntry entry) => entry.Reward = double.NaN;

    protected override Task DropDatabaseAsync()
    {
        SqliteConnection.ClearAllPools();
        return _folder.RemoveAsync();
    }
}
