using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Storage.Connections;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

namespace SandQueue.Storage.Sqlite;

/// <summary>Registers what is SQLite's alone.</summary>
internal static class SqliteServices
{
    public static void AddSqlite(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton<SqliteConnectionSetup>();
        services.AddSingleton<SqliteWriteLock>();
        services.AddPooledDbContextFactory<SqliteContext>((provider, database) =>
            database.UseSqlite(connectionString).AddInterceptors(provider.GetRequiredService<SqliteConnectionSetup>()));
        services.AddSingleton<IContextSource, SqliteContextSource>();
        services.AddKeyedSingleton(StorageKeys.Leases, (provider, _) => provider.GetRequiredService<IContextSource>());
        services.AddSingleton<IStorageMigration, SqliteMigration>();
        services.AddSingleton<IScanLock, SqliteScanLock>();
        services.AddSingleton<IJournalPartitions, SqlitePartitions>();
        services.AddSingleton<IClaimCommit, SqliteClaimCommit>();
        services.AddTransient<IJournalCommit>(provider => new SqliteJournalCommit(
            connectionString,
            provider.GetRequiredService<SqliteConnectionSetup>(),
            provider.GetRequiredService<SqliteWriteLock>(),
            provider.GetRequiredService<Failpoints>()));
    }
}
