using Npgsql;
using SandQueue.Storage.Connections;

namespace SandQueue.Storage.Postgres;

/// <summary>
/// Advisory locks, each on a connection of the shared pool. The server releases one whose connection is lost. The pool takes a connection back as it is, so one that may still have
/// a lock is closed.
/// </summary>
internal sealed class PostgresScanLock(PostgresConnections connections) : IScanLock
{
    public async Task<IAsyncDisposable?> TryAcquireAsync(ClusterScan scan, CancellationToken cancellationToken)
    {
        var acquired = new Acquired(connections.Shared, AdvisoryLocks.FirstScan + (int)scan);
        if (await acquired.TryAsync(cancellationToken)) return acquired;
        await acquired.CloseAsync();
        return null;
    }

    private sealed class Acquired(NpgsqlDataSource pool, long key) : IAsyncDisposable
    {
        private readonly NpgsqlConnection _connection = pool.CreateConnection();

        public async Task<bool> TryAsync(CancellationToken cancellationToken)
        {
            try
            {
                await _connection.OpenAsync(cancellationToken);
                return await ExecuteAsync("SELECT pg_try_advisory_lock($1)", cancellationToken);
            }
            catch
            {
                await CloseAsync();
                throw;
            }
        }

        public ValueTask CloseAsync() => _connection.DisposeAsync();

        public async ValueTask DisposeAsync()
        {
            await using (_connection)
            {
                if (_connection.FullState == System.Data.ConnectionState.Open) await ExecuteAsync("SELECT pg_advisory_unlock($1)", CancellationToken.None);
            }
        }

        private async Task<bool> ExecuteAsync(string sql, CancellationToken cancellationToken)
        {
            try
            {
                await using var command = new NpgsqlCommand(sql, _connection) { Parameters = { new() { Value = key } } };
                return await command.ExecuteScalarAsync(cancellationToken) is true;
            }
            catch
            {
                // Whether the lock is held is not known. Those in use are closed when they come back, this one among them.
                pool.Clear();
                throw;
            }
        }
    }
}
