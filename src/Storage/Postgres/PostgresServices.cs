using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Postgres.Partitions;

namespace SandQueue.Storage.Postgres;

/// <summary>Registers what is PostgreSQL's alone.</summary>
internal static class PostgresServices
{
    public static void AddPostgres(this IServiceCollection services, string connectionString)
    {
        var connections = new PostgresConnections(connectionString);

        // By a factory, so that its pools end with the services.
        services.AddSingleton(_ => connections);
        services.AddPooledDbContextFactory<PostgresContext>(database => database.UseNpgsql(connections.Shared));
        services.AddSingleton<IContextSource, PostgresContextSource>();
        services.AddKeyedSingleton<IContextSource>(StorageKeys.Leases, (_, _) => new PostgresContextSource(
            new PooledDbContextFactory<PostgresContext>(new DbContextOptionsBuilder<PostgresContext>().UseNpgsql(connections.Leases).Options, poolSize: 1)));
        services.AddSingleton<IStorageMigration, PostgresMigration>();
        services.AddSingleton<IScanLock, PostgresScanLock>();
        services.AddSingleton<IJournalPartitions>(provider => new PostgresPartitions(
            connections.Shared, provider.GetService<ILoggerFactory>()?.CreateLogger<PostgresPartitions>() ?? (ILogger)NullLogger.Instance));
        services.AddTransient<IJournalCommit, PostgresJournalCommit>();
        services.AddSingleton<IClaimCommit, PostgresClaimCommit>();
    }
}
