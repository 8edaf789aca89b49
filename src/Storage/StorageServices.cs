using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using SandQueue.Storage.Connections;
using SandQueue.Storage.FaultInjection;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Postgres;
using SandQueue.Storage.Rollouts;
using SandQueue.Storage.Sqlite;
using SandQueue.Storage.Tenants;

namespace SandQueue.Storage;

/// <summary>Wires the journal to one database. Nothing outside of this folder knows which.</summary>
public static class StorageServices
{
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Failpoints>();
        switch (options.Database)
        {
            case DatabaseKind.Sqlite:
                services.AddSqlite(options.ConnectionString);
                break;
            case DatabaseKind.Postgres:
                services.AddPostgres(options.ConnectionString);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Database, "no such database");
        }

        services.AddSingleton(provider => new ClaimGroups(Get<IClaimCommit>(provider)));
        services.AddSingleton(provider => new InstanceDirectory(Contexts(provider), Get<ClaimGroups>(provider), Get<Failpoints>(provider)));
        services.AddSingleton(provider => new InstanceListing(Contexts(provider)));
        services.AddSingleton(provider => new EndAnnouncements(Contexts(provider), Get<IScanLock>(provider)));
        services.AddSingleton(provider => new OwnerlessInstances(Contexts(provider), Get<IScanLock>(provider)));
        services.AddSingleton(provider => new WorkerDirectory(
            Contexts(provider), provider.GetRequiredKeyedService<IContextSource>(StorageKeys.Leases), Get<IScanLock>(provider)));
        services.AddSingleton(provider => new EpisodeReader(Contexts(provider)));
        services.AddSingleton(provider => new JournalPages(Contexts(provider)));
        services.AddSingleton(provider => new EpisodeFailures(Contexts(provider)));
        services.AddSingleton(provider => new JournalActivity(Contexts(provider)));
        services.AddSingleton(provider => new EpisodeExports(Contexts(provider)));
        services.AddSingleton(provider => new EpisodeImports(Contexts(provider)));
        services.AddSingleton(provider => new EpisodeJournal(new MeasuredJournalCommit(Get<IJournalCommit>(provider), Get<TimeProvider>(provider)), Contexts(provider), Get<TimeProvider>(provider)));
        services.AddSingleton(provider => new CommandEnds(
            Get<EpisodeJournal>(provider), Get<EpisodeReader>(provider), Contexts(provider), Get<TimeProvider>(provider)));
        services.AddSingleton(provider => new EpisodeRetention(Contexts(provider), Get<IJournalPartitions>(provider), Get<IScanLock>(provider)));
        services.AddSingleton(provider => new EpisodeCheckpoints(Contexts(provider), Get<IScanLock>(provider)));
        services.AddSingleton(provider => new KeyDirectory(Contexts(provider)));
        services.AddSingleton(provider => new JournalProbe(Contexts(provider)));
        services.AddSingleton(provider => new BatchDirectory(Contexts(provider)));
        services.AddSingleton(provider => new BatchEntry(Contexts(provider)));
        services.AddSingleton(provider => new BatchControl(Contexts(provider)));
        services.AddSingleton(provider => new BatchSweep(Contexts(provider), Get<IScanLock>(provider), Get<BatchEntry>(provider)));
        services.AddSingleton(provider => new BatchRetention(Contexts(provider), Get<IScanLock>(provider)));
        services.AddSingleton(provider => new BatchAnnouncements(Contexts(provider), Get<IScanLock>(provider)));
        services.AddSingleton(provider => new RolloutLedger(Contexts(provider)));
        services.AddSingleton(provider => new RolloutListing(Contexts(provider)));
        services.AddSingleton(provider => new RolloutTurns(Contexts(provider)));
        services.AddSingleton(provider => new SecretDirectory(Contexts(provider)));
        services.AddSingleton(provider => new SchemaVersion(Contexts(provider)));
        services.AddSingleton(provider => new SchemaUpgrade(
            provider.GetService<ILoggerFactory>()?.CreateLogger(typeof(SchemaUpgrade).FullName!) ?? NullLogger.Instance));
        return services;
    }

    /// <summary>Brings the database to this version's schema. The many processes of a farm may start at once.</summary>
    public static Task MigrateStorageAsync(this IServiceProvider services, CancellationToken cancellationToken) =>
        Get<IStorageMigration>(services).MigrateAsync(cancellationToken);

    private static IContextSource Contexts(IServiceProvider services) => Get<IContextSource>(services);

    private static T Get<T>(IServiceProvider services)
        where T : notnull => services.GetRequiredService<T>();
}
