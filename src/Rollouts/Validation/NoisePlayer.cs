using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;

namespace SandQueue.Rollouts.Validation;

/// <summary>Calls functions that are offered with arguments of the right types and random values; says something where none are.</summary>
/// <param name="key">Decides what is drawn.</param>
internal sealed class NoisePlayer(string key) : ITrialPlayer
{
    private const int MostSteps = 20;
    private const int DeepestSchema = 4;

    private static readonly string[] Words = ["one", "red", "left", "2024-01-01", "north", "nothing", "7"];

    private readonly SeededRandom _random = new(key);
    private int _steps;

    public Task<byte[]?> NextAsync(string instanceId, JsonElement tools, CancellationToken cancellationToken)
    {
        if (_steps++ == MostSteps) return Task.FromResult<byte[]?>(null);
        var message = tools.ValueKind == JsonValueKind.Array && tools.GetArrayLength() > 0
            ? Call(tools[_random.Below(tools.GetArrayLength())])
            : SolutionMessage.Talk(Word());
        return Task.FromResult<byte[]?>(JsonSerializer.SerializeToUtf8Bytes(message));
    }

    private JsonObject Call(JsonElement tool) =>
        tool.TryGetProperty("function", out var function) && function.TryGetProperty("name", out var name)
            ? SolutionMessage.Call(name.GetString() ?? "", function.TryGetProperty("parameters", out var parameters) ? Object(parameters, 0) : [])
            : SolutionMessage.Talk(Word());

    private JsonObject Object(JsonElement schema, int depth)
    {
        var drawn = new JsonObject();
        if (!schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return drawn;
        foreach (var property in properties.EnumerateObject()) drawn[property.Name] = Value(property.Value, depth + 1);
        return drawn;
    }

    private JsonNode? Value(JsonElement schema, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > DeepestSchema) return Word();
        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array && values.GetArrayLength() > 0)
        {
            return JsonNode.Parse(values[_random.Below(values.GetArrayLength())].GetRawText());
        }

        return (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null) switch
        {
            "integer" => _random.Below(100),
            "number" => _random.Below(1000) / 10.0,
            "boolean" => _random.Below(2) == 0,
            "array" => new JsonArray(Value(schema.TryGetProperty("items", out var items) ? items : default, depth + 1)),
            "object" => Object(schema, depth),
            _ => Word(),
        };
    }

    private string Word() => Words[_random.Below(Words.Length)];
}
