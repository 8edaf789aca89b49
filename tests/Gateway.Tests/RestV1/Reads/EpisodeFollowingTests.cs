using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SandQueue.Contracts;
using SandQueue.Gateway.RestV1.Reads;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.Tests.RestV1.Reads;

/// <summary>The events of an episode, as they come from its journal.</summary>
public sealed class EpisodeFollowingTests : IAsyncLifetime
{
    private readonly RestServer _server = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task What_was_recorded_before_the_end_is_told_and_no_read_stays_open_meanwhile()
    {
        await using var connection = new SqliteConnection(_server.Database);
        await connection.OpenAsync(Cancel);
        await InsertAsync(connection, "instances", ("episode_id", 1), ("tenant", "mine"), ("instance_id", "i"), ("env_type", "e"), ("task_id", "t"), ("state", (int)InstanceState.Released), ("ended_at", 1));
        for (var step = 1; step <= 3; step++) await EntryAsync(step);
        var row = await _server.Services.GetRequiredService<InstanceListing>().FindAsync("mine", "i", episodeId: null, Cancel);

        await using var events = _server.Services.GetRequiredService<EpisodeFollowing>().FollowAsync("mine", row!, after: 0, Cancel).GetAsyncEnumerator(Cancel);
        (await events.MoveNextAsync()).ShouldBeTrue();
        await EntryAsync(4);

        // The log of what was written is emptied only where nobody reads.
        await using var checkpoint = connection.CreateCommand();
        checkpoint.CommandText = "PRAGMA busy_timeout=0; PRAGMA wal_checkpoint(TRUNCATE)";
        await using (var told = await checkpoint.ExecuteReaderAsync(Cancel))
        {
            while (told.FieldCount < 3) (await told.NextResultAsync(Cancel)).ShouldBeTrue();
            (await told.ReadAsync(Cancel)).ShouldBeTrue();
            told.GetInt32(0).ShouldBe(0, "somebody reads");
        }

        List<string> types = [events.Current.EventType];
        while (await events.MoveNextAsync()) types.Add(events.Current.EventType);
        types.ShouldBe(["entry", "entry", "entry", "entry", "end"], "what was recorded before the end is told");

        Task EntryAsync(int step) => InsertAsync(connection, "journal", ("tenant", "mine"), ("command_id", $"c{step}"), ("episode_id", 1), ("kind", (int)JournalKind.Step), ("end", (int)CommandEnd.Completed), ("step", step), ("action", "{}"u8.ToArray()), ("answer", "{}"u8.ToArray()));
    }

    /// <summary>Inserts a row; columns that need a value and were given none are 0 or empty.</summary>
    private static async Task InsertAsync(SqliteConnection connection, string table, params (string Column, object Value)[] given)
    {
        var values = given.ToDictionary(pair => pair.Column, pair => pair.Value);
        await using (var columns = connection.CreateCommand())
        {
            columns.CommandText = $"SELECT name, type FROM pragma_table_info('{table}') WHERE \"notnull\" = 1 AND pk = 0 AND dflt_value IS NULL";
            await using var needed = await columns.ExecuteReaderAsync(Cancel);
            while (await needed.ReadAsync(Cancel)) values.TryAdd(needed.GetString(0), needed.GetString(1) == "BLOB" ? Array.Empty<byte>() : 0);
        }

        await using var insert = connection.CreateCommand();
        insert.CommandText = $"INSERT INTO {table} ({string.Join(", ", values.Keys.Select(column => $"\"{column}\""))}) VALUES ({string.Join(", ", values.Keys.Select(column => $"${column}"))})";
        foreach (var (column, value) in values) insert.Parameters.AddWithValue($"${column}", value);
        await insert.ExecuteNonQueryAsync(Cancel);
    }
}
