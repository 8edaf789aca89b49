using System.Text.Json;

namespace SandQueue.Routing.Fleet;

/// <summary>What a worker says of an environment it serves.</summary>
/// <param name="Name">The <c>env_type</c>.</param>
/// <param name="Tasks">How many tasks it lists.</param>
/// <param name="Unlimited">Whether more tasks than those can be created.</param>
/// <param name="DataSource">Which data it serves, in words.</param>
/// <param name="Problems">What of its data could not be loaded, a line each.</param>
public sealed record ServedEnvironment(string Name, int Tasks, bool Unlimited, string DataSource, IReadOnlyList<string> Problems)
{
    public static ServedEnvironment Read(JsonElement description) => new(
        description.GetProperty("env_type").GetString()!,
        description.GetProperty("tasks").GetInt32(),
        description.GetProperty("unlimited").GetBoolean(),
        description.GetProperty("data_source").GetString()!,
        [.. description.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!)]);
}
