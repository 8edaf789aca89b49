using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Fleet;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Postgres;
using SandQueue.Storage.Sqlite;

namespace SandQueue.Storage;

/// <summary>Wires the journal to one database. Nothing outside of this folder knows which.</summary>
public static class StorageServices
{
    private const int ConnectionsPerProcess = 20;

    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        switch (options.Database)
        {
            case DatabaseKind.Sqlite:
                services.AddPooledDbContextFactory<SqliteContext>(database =>
                    database.UseSqlite(options.ConnectionString).AddInterceptors(new SqliteConnectionSetup()));
                services.AddSingleton<IContextSource, SqliteContextSource>();
                break;
            case DatabaseKind.Postgres:
                services.AddPooledDbContextFactory<PostgresContext>(database => database.UseNpgsql(Bounded(options.ConnectionString)));
                services.AddSingleton<IContextSource, PostgresContextSource>();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(options), options.Database, "no such database");
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Failpoints>();
        services.AddSingleton(provider => new InstanceDirectory(Contexts(provider), provider.GetRequiredService<Failpoints>()));
        services.AddSingleton(provider => new WorkerDirectory(Contexts(provider)));
        services.AddSingleton(provider => new EpisodeReader(Contexts(provider)));
        services.AddSingleton(provider => new EpisodeJournal(
            Contexts(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Failpoints>()));
        services.AddSingleton(provider => new CommandEnds(
            provider.GetRequiredService<EpisodeJournal>(), provider.GetRequiredService<EpisodeReader>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new EpisodeRetention(Contexts(provider)));
        services.AddSingleton(provider => new EpisodeCheckpoints(Contexts(provider)));
        services.AddSingleton(provider => new JournalProbe(Contexts(provider)));
        services.AddSingleton(provider => new SchemaVersion(Contexts(provider)));
        return services;
    }

    /// <summary>Brings the database to this version's schema. The many processes of a farm may start at once.</summary>
    public static async Task MigrateStorageAsync(this IServiceProvider services, CancellationToken cancellationToken)
    {
        await using var context = await Contexts(services).OpenAsync(cancellationToken);
        if (context.Database.IsSqlite())
        {
            await SqliteMigrationLock.ClearAsync(context, cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
            return;
        }

        await using var holder = await Contexts(services).OpenAsync(cancellationToken);
        await using (await PostgresMigrationLock.TakeAsync(holder, cancellationToken)) await context.Database.MigrateAsync(cancellationToken);
    }

    /// <summary>
    /// A farm has many processes and a database few connections: without a limit in its settings, a process takes at most
    /// twenty. Its journal needs one.
    /// </summary>
    private static string Bounded(string connectionString)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!builder.ShouldSerialize("Maximum Pool Size")) builder.MaxPoolSize = ConnectionsPerProcess;
        return builder.ConnectionString;
    }

    private static IContextSource Contexts(IServiceProvider services) => services.GetRequiredService<IContextSource>();
}
