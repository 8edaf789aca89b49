using Npgsql;
using SandQueue.Storage.Instances;

namespace SandQueue.Storage.Postgres;

/// <summary>Inserts the rows of new instances on a connection of the pool, which keeps the statement prepared.</summary>
internal sealed class PostgresClaimCommit(PostgresConnections connections) : IClaimCommit
{
    public async Task<long?[]> CommitAsync(IReadOnlyList<InstanceClaim> claims)
    {
        await using var connection = connections.Shared.CreateConnection();
        await connection.OpenAsync();
        await using var command = ClaimStatement.For(claims, connection);
        await command.PrepareAsync();
        var inserted = new Dictionary<(string, string), long>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) inserted.Add((reader.GetString(0), reader.GetString(1)), reader.GetInt64(2));

        // The server sends its rows before it commits; the end of the results is what says that it has.
        await reader.NextResultAsync();
        return [.. claims.Select(claim => inserted.TryGetValue(claim.Key, out var key) ? key : (long?)null)];
    }
}
