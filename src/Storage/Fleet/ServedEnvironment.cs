using System.Text.Json;

namespace SandQueue.Storage.Fleet;

/// <summary>What a worker says of an environment it serves.</summary>
/// <param name="Name">The <c>env_type</c>.</param>
/// <param name="Tasks">How many tasks it lists.</param>
/// <param name="Unlimited">Whether more tasks than those can be created.</param>
/// <param name="DataSource">Which data it serves, in words.</param>
/// <param name="Problems">What of its data could not be loaded, a line each.</param>
public sealed record ServedEnvironment(string Name, int Tasks, bool Unlimited, string DataSource, IReadOnlyList<string> Problems)
{
    /// <summary>
    /// Reads a catalogue, as environment servers wrote it: some of them are other people's programs, so a member that is missing or of
    /// another type is taken for nothing, and never keeps a gateway from what else is served.
    /// </summary>
    /// <param name="catalogue">A JSON array of descriptions.</param>
    public static IReadOnlyList<ServedEnvironment> ReadAll(string catalogue)
    {
        try
        {
            using var descriptions = JsonDocument.Parse(catalogue);
            return descriptions.RootElement.ValueKind == JsonValueKind.Array ? [.. descriptions.RootElement.EnumerateArray().Select(Read).OfType<ServedEnvironment>()] : [];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static ServedEnvironment? Read(JsonElement description) => Text(description, "env_type") is { } name
        ? new ServedEnvironment(
            name,
            Find(description, "tasks", JsonValueKind.Number) is { } tasks && tasks.TryGetInt32(out var count) ? count : 0,
            Find(description, "unlimited", JsonValueKind.True) is not null,
            Text(description, "data_source") ?? "",
            Find(description, "problems", JsonValueKind.Array) is { } problems
                ? [.. problems.EnumerateArray().Where(problem => problem.ValueKind == JsonValueKind.String).Select(problem => problem.GetString()!)]
                : [])
        : null;

    private static string? Text(JsonElement description, string name) => Find(description, name, JsonValueKind.String)?.GetString();

    private static JsonElement? Find(JsonElement description, string name, JsonValueKind kind) =>
        description.ValueKind == JsonValueKind.Object && description.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
