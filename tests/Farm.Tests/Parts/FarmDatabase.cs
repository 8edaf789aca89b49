using Npgsql;
using SandQueue.Storage.Model;

namespace SandQueue.Farm.Tests.Parts;

/// <summary>What the farm's database says, read past the programs.</summary>
internal sealed class FarmDatabase(string connection) : IAsyncDisposable
{
    /// <summary>Without a pool: a test before may have restarted the server, and a connection of then would fail the first query of now.</summary>
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create($"{connection};Pooling=false");

    /// <summary>The completed steps of an instance in the order they were written.</summary>
    public Task<List<(int Step, string Worker, int Epoch)>> StepsAsync(string instance) => QueryAsync(
        "SELECT j.step, j.worker, j.epoch FROM journal j JOIN instances i ON i.episode_id = j.episode_id WHERE i.instance_id = $1 AND j.kind = 2 AND j.\"end\" = 1 ORDER BY j.id",
        row => (row.GetInt32(0), row.GetString(1), row.GetInt32(2)),
        instance);

    public async Task<string> OwnerAsync(string instance) => (await QueryAsync(
        "SELECT owner FROM instances WHERE instance_id = $1 AND ended_at IS NULL", row => row.GetString(0), instance)).Single();

    /// <summary>The living instances whose names begin so, by owner.</summary>
    public async Task<Dictionary<string, int>> OwnersAsync(string prefix) => (await QueryAsync(
        "SELECT owner, count(*) FROM instances WHERE starts_with(instance_id, $1) AND ended_at IS NULL GROUP BY owner",
        row => (Owner: row.GetString(0), Count: (int)row.GetInt64(1)),
        prefix)).ToDictionary(row => row.Owner, row => row.Count);

    /// <summary>The workers that play rollouts now.</summary>
    public Task<List<string>> RolloutOwnersAsync() => QueryAsync("SELECT DISTINCT owner FROM rollouts WHERE \"end\" IS NULL AND owner IS NOT NULL", row => row.GetString(0));

    /// <summary>The rollouts of a batch, with the numbers of their ends; 0 where one has none.</summary>
    public Task<List<(int End, int Attempt)>> RolloutsAsync(string batch) => QueryAsync($"SELECT coalesce(\"end\", 0), attempt FROM rollouts WHERE batch = (SELECT id FROM batches WHERE batch_id = '{batch}')", row => (row.GetInt32(0), row.GetInt32(1)));

    /// <summary>The names of the workers that serve something and whose lease runs.</summary>
    public async Task<List<string>> WorkersAsync()
    {
        try
        {
            return await QueryAsync(
                "SELECT name FROM workers WHERE environments <> '[]' AND lease_until > extract(epoch FROM clock_timestamp()) * 1000", row => row.GetString(0));
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // The first program that starts makes the tables.
            return [];
        }
    }

    /// <summary>Enters a worker of which there is nothing but this row, with an hour to live.</summary>
    public async Task RegisterAsync(string name, string version, int contract, string environments)
    {
        await using var command = _source.CreateCommand(
            "INSERT INTO workers (name, host, version, contract, environments, free_slots, started_at, lease_until) "
            + "VALUES ($1, 'elsewhere', $2, $3, $4, 1000, 0, (extract(epoch FROM clock_timestamp()) + 3600) * 1000)");
        foreach (object value in (object[])[name, version, contract, environments]) command.Parameters.AddWithValue(value);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Gives an instance another owner, and another name: under the old one its worker and its gateway still know it.</summary>
    public async Task GiveAsync(string instance, string owner, string name)
    {
        await using var command = _source.CreateCommand("UPDATE instances SET owner = $2, instance_id = $3 WHERE instance_id = $1 AND ended_at IS NULL");
        foreach (var value in (string[])[instance, owner, name]) command.Parameters.AddWithValue(value);
        (await command.ExecuteNonQueryAsync()).ShouldBe(1);
    }

    public async Task<int> MigrationsAsync() => (await QueryAsync("SELECT count(*) FROM \"__EFMigrationsHistory\"", row => (int)row.GetInt64(0))).Single();

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<List<T>> QueryAsync<T>(string sql, Func<NpgsqlDataReader, T> read, params string[] parameters)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.AddWithValue(parameter);
        await using var rows = await command.ExecuteReaderAsync();
        var result = new List<T>();
        while (await rows.ReadAsync()) result.Add(read(rows));
        return result;
    }
}
