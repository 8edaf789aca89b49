using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SandQueue.Storage;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;

namespace SandQueue.Bench.Batches.Models;

/// <summary>A task with the way to its goal, as a batch of solutions left it in the journal.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Text">What the environment asks first.</param>
/// <param name="Actions">The messages that lead to the goal.</param>
internal sealed record GoldTask(string TaskId, string Text, IReadOnlyList<JsonObject> Actions)
{
    /// <summary>The tasks of a batch whose rewards were all 1; of those that ask the same, one.</summary>
    public static async Task<IReadOnlyList<GoldTask>> ReadAsync(NpgsqlDataSource database, PlayedBatch batch)
    {
        var storage = new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = database.ConnectionString };
        await using var services = new ServiceCollection().AddStorage(storage).BuildServiceProvider();
        var reader = services.GetRequiredService<EpisodeReader>();
        var tasks = new Dictionary<string, GoldTask>(StringComparer.Ordinal);
        foreach (var result in batch.Results.Where(result => result.GetProperty("valid").GetBoolean() && result.GetProperty("reward").GetDouble() == 1))
        {
            await using var command = database.CreateCommand("SELECT episode_id FROM instances WHERE instance_id = $1");
            command.Parameters.AddWithValue(result.GetProperty("instance_id").GetString()!);
            var entries = await reader.ReadEpisodeAsync((long)(await command.ExecuteScalarAsync())!, CancellationToken.None);
            var text = Asked(entries.Single(entry => entry.Kind == JournalKind.Create).Answer);
            tasks.TryAdd(text, new GoldTask(
                result.GetProperty("task_id").GetString()!, text, [.. entries.Where(entry => entry.Kind == JournalKind.Step).Select(entry => JsonNode.Parse(entry.Action)!.AsObject())]));
        }

        return [.. tasks.Values];
    }

    private static string Asked(byte[] opening) =>
        JsonElement.Parse(opening).GetProperty("state").EnumerateArray().First(message => message.GetProperty("role").GetString() == "user").GetProperty("content").GetString()!;
}
