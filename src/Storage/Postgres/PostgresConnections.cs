using Npgsql;

namespace SandQueue.Storage.Postgres;

/// <summary>
/// How this process connects to PostgreSQL: what all share comes from a bounded pool; the journal's writer and the leases have connections of
/// their own, so that statements that hang cannot keep them waiting. Whatever the settings name wins over the limits here.
/// </summary>
internal sealed class PostgresConnections : IDisposable
{
    /// <summary>A farm has many processes and a database few connections. More than ten made 64 creates at once no faster; two made them a little slower.</summary>
    private const int SharedConnections = 10;

    /// <summary>The longest statement that serves a command takes milliseconds. Callers wait for less than a minute, a lease lasts 15 s.</summary>
    private const int CommandSeconds = 10;

    private const int LeaseCommandSeconds = 4;
    private const int ConnectSeconds = 5;

    /// <summary>After this time without traffic an open connection is checked, so that one that died silently is not found by a command.</summary>
    private const int KeepAliveSeconds = 5;

    /// <summary>What is known of a host is looked at again so soon: after a failover the standby of a moment before is the one that takes writes.</summary>
    private const int HostRecheckSeconds = 2;

    public PostgresConnections(string connectionString)
    {
        var shared = WithLimits(connectionString, CommandSeconds);
        if (!shared.ShouldSerialize("Maximum Pool Size")) shared.MaxPoolSize = SharedConnections;
        Shared = Source(shared, "shared");

        var own = WithLimits(connectionString, CommandSeconds);
        own.Pooling = false;
        Own = Source(own, "journal");

        var leases = WithLimits(connectionString, LeaseCommandSeconds);
        leases.MaxPoolSize = 1;
        leases.ApplicationName ??= "SandQueue leases";
        Leases = Source(leases, "leases");
    }

    /// <summary>For all queries: a pool.</summary>
    public NpgsqlDataSource Shared { get; }

    /// <summary>For leases: a pool of one connection.</summary>
    public NpgsqlDataSource Leases { get; }

    private NpgsqlDataSource Own { get; }

    /// <summary>Opens a connection outside of any pool, for somebody who keeps it.</summary>
    public async Task<NpgsqlConnection> OpenOwnAsync(CancellationToken cancellationToken)
    {
        var connection = Own.CreateConnection();
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        Shared.Dispose();
        Leases.Dispose();
        Own.Dispose();
    }

    /// <summary>The name is what metrics call the pool: without one they would show the whole connection string but for the password.</summary>
    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder settings, string name) => new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();

    private static NpgsqlConnectionStringBuilder WithLimits(string connectionString, int commandSeconds)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        if (!builder.ShouldSerialize("Command Timeout")) builder.CommandTimeout = commandSeconds;
        if (!builder.ShouldSerialize("Timeout")) builder.Timeout = ConnectSeconds;
        if (!builder.ShouldSerialize("Keepalive")) builder.KeepAlive = KeepAliveSeconds;
        if (!builder.ShouldSerialize("Tcp Keepalive")) builder.TcpKeepAlive = true;

        if (builder.Host?.Contains(',', StringComparison.Ordinal) == true)
        {
            // Of several hosts the one that takes writes, and not the first that answers, which may be a standby.
            if (!builder.ShouldSerialize("Target Session Attributes")) builder.TargetSessionAttributes = "primary";
            if (!builder.ShouldSerialize("Host Recheck Seconds")) builder.HostRecheckSeconds = HostRecheckSeconds;
        }

        // Else whoever takes a connection from a pool has the server run six statements that undo what sessions of ours never do: more work than most queries.
        if (!builder.ShouldSerialize("No Reset On Close")) builder.NoResetOnClose = true;
        return builder;
    }
}
