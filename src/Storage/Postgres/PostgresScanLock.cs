using Npgsql;
using SandQueue.Storage.Connections;

namespace SandQueue.Storage.Postgres;

/// <summary>Advisory locks, each on a connection of the shared pool. The server releases one whose connection is lost.</summary>
internal sealed class PostgresScanLock(PostgresConnections connections) : IScanLock
{
    public async Task<IAsyncDisposable?> TryAcquireAsync(ClusterScan scan, CancellationToken cancellationToken)
    {
        var acquired = new Acquired(connections.Shared.CreateConnection(), AdvisoryLocks.FirstScan + (int)scan);
        try
        {
            if (await acquired.TryAsync(cancellationToken)) return acquired;
        }
        catch
        {
            await acquired.CloseAsync();
            throw;
        }

        await acquired.CloseAsync();
        return null;
    }

    private sealed class Acquired(NpgsqlConnection connection, long key) : IAsyncDisposable
    {
        public async Task<bool> TryAsync(CancellationToken cancellationToken)
        {
            await connection.OpenAsync(cancellationToken);
            return await ExecuteAsync("SELECT pg_try_advisory_lock($1)", cancellationToken);
        }

        public ValueTask CloseAsync() => connection.DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            await using (connection)
            {
                // A connection that goes back to the pool would keep the lock until it is used again.
                if (connection.FullState == System.Data.ConnectionState.Open) await ExecuteAsync("SELECT pg_advisory_unlock($1)", CancellationToken.None);
            }
        }

        private async Task<bool> ExecuteAsync(string sql, CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = key } } };
            return await command.ExecuteScalarAsync(cancellationToken) is true;
        }
    }
}
