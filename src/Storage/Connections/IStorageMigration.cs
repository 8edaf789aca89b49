namespace SandQueue.Storage.Connections;

/// <summary>Brings the database to this version's schema. Many processes may start at once; one migrates at a time, as long as it takes.</summary>
internal interface IStorageMigration
{
    Task MigrateAsync(CancellationToken cancellationToken);
}
