namespace SandQueue.Storage;

/// <summary>Where the journal is.</summary>
public sealed record StorageOptions
{
    public DatabaseKind Database { get; init; } = DatabaseKind.Sqlite;

    /// <summary>An ADO.NET connection string of that database.</summary>
    public required string ConnectionString { get; init; }
}

/// <summary>The databases the journal can be in.</summary>
public enum DatabaseKind
{
    Sqlite,
    Postgres,
}
