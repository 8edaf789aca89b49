using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;

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
        var tasks = new Dictionary<string, GoldTask>(StringComparer.Ordinal);
        foreach (var result in batch.Results.Where(result => result.GetProperty("valid").GetBoolean() && result.GetProperty("reward").GetDouble() == 1))
        {
            await using var command = database.CreateCommand("SELECT e.kind, e.action, e.answer FROM instances i JOIN journal e ON e.episode_id = i.episode_id WHERE i.instance_id = $1 AND e.kind IN (1, 2) ORDER BY e.step");
            command.Parameters.AddWithValue(result.GetProperty("instance_id").GetString()!);
            await using var rows = await command.ExecuteReaderAsync();
            var (text, actions) = ("", new List<JsonObject>());
            while (await rows.ReadAsync())
            {
                if (rows.GetInt32(0) == 1) text = Asked(rows.GetFieldValue<byte[]>(2));
                else actions.Add(JsonNode.Parse(rows.GetFieldValue<byte[]>(1))!.AsObject());
            }

            tasks.TryAdd(text, new GoldTask(result.GetProperty("task_id").GetString()!, text, actions));
        }

        return [.. tasks.Values];
    }

    private static string Asked(byte[] opening) =>
        JsonElement.Parse(opening).GetProperty("state").EnumerateArray().First(message => message.GetProperty("role").GetString() == "user").GetProperty("content").GetString()!;
}
