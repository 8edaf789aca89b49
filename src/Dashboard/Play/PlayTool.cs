using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Dashboard.Calls;
using SandQueue.Dashboard.Episodes;

namespace SandQueue.Dashboard.Play;

/// <summary>A tool that an instance's Create offered.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Parameters">Its schema as JSON; null for none.</param>
internal sealed record PlayTool(string Name, string? Description, string? Parameters)
{
    private static readonly JsonSerializerOptions Indented = new(GatewayClient.Json) { WriteIndented = true };

    public static async Task<IReadOnlyList<PlayTool>> ReadAsync(GatewayClient gateway, EpisodeLoad load, long episode, CancellationToken cancellationToken)
    {
        using var document = ReadableJson.Parse(await gateway.BytesAsync("GET", load.TargetOf($"{episode}.0", 1), body: null, cancellationToken));
        if (document.RootElement.GetProperty("entries") is not { ValueKind: JsonValueKind.Array } entries || entries.GetArrayLength() == 0) return [];
        var answer = entries[0].GetProperty("answer");
        if (answer.ValueKind != JsonValueKind.Object || !answer.TryGetProperty("info", out var info) || info.ValueKind != JsonValueKind.Object) return [];
        return info.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array ? [.. tools.EnumerateArray().Select(Read).OfType<PlayTool>()] : [];
    }

    private static PlayTool? Read(JsonElement tool)
    {
        var function = tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var nested) ? nested : tool;
        if (MessageReading.Text(function, "name") is not { } name) return null;
        return new PlayTool(name, MessageReading.Text(function, "description"), function.TryGetProperty("parameters", out var schema) ? JsonSerializer.Serialize(schema, Indented) : null);
    }
}
