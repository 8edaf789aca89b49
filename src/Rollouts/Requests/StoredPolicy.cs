using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Hosting.Settings;

namespace SandQueue.Rollouts.Requests;

/// <summary>A policy as it was asked for, checked as far as that needs no call. Its key is apart from it: what is stored and shown never has one.</summary>
public sealed record StoredPolicy
{
    private const int LongestAddress = 2000;
    private const int LongestKey = 4096;
    private const string Actions = "actions";
    private const string Key = "api_key";

    private static readonly string[] Types = ["recorded", "model", "random", "gold", "nothing", "replay", "rescore", "fork"];

    /// <summary>Its type, as <c>model</c>.</summary>
    public required string Type { get; init; }

    /// <summary>A JSON object without a key.</summary>
    public required byte[] Json { get; init; }

    /// <summary>The key of its endpoint; null where it has none of its own.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The name of the secret that is its key; null where it names none.</summary>
    public string? Secret { get; init; }

    /// <summary>The address that it asks; null where it asks none.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Recorded actions by task: a list of messages each, the exact bytes; null where all tasks have the same, or none.</summary>
    public IReadOnlyDictionary<string, byte[]>? ActionsByTask { get; init; }

    /// <param name="policy">The policy.</param>
    /// <param name="needsActions">Whether a recorded policy needs actions of its own; items may bring them.</param>
    /// <exception cref="RequestRefusedException">It is wrong.</exception>
    public static StoredPolicy Read(JsonElement policy, bool needsActions = true)
    {
        if (policy.ValueKind != JsonValueKind.Object) throw new RequestRefusedException("policy must be an object, as {\"type\":\"gold\"}");
        var fields = new BatchFields(policy, "policy.");
        var type = fields.Text("type", 100);
        if (!Types.Contains(type)) throw new RequestRefusedException($"policy.type '{type}' is unknown; {NearName.Hint(type, Types, name => name)}");
        fields.Integer("max_steps", 1, 1_000_000);
        fields.Seconds("timeout_s", 604_800);
        fields.OptionalText("version", 200);
        var endpoint = type == "model" ? ReadModel(fields) : null;
        var byTask = type == "recorded" ? ReadActions(fields, needsActions) : null;
        if (type == "fork" && fields.Object("then") is { } then) return Read(then) is { ApiKey: null } inner ? Of(policy, type, fields) with { Endpoint = inner.Endpoint, Secret = inner.Secret } : throw InnerKey();
        return Of(policy, type, fields) with { Endpoint = endpoint, ActionsByTask = byTask };
    }

    /// <summary>The recorded policy of one rollout.</summary>
    /// <param name="actions">Its messages, a JSON list.</param>
    public StoredPolicy WithActions(JsonElement actions)
    {
        var policy = JsonNode.Parse(Json)!.AsObject();
        policy[Actions] = JsonNode.Parse(BatchFields.Bytes(actions));
        return this with { Json = JsonSerializer.SerializeToUtf8Bytes(policy), ActionsByTask = null };
    }

    private static StoredPolicy Of(JsonElement policy, string type, BatchFields fields)
    {
        var key = fields.OptionalText(Key, LongestKey);
        var secret = fields.OptionalText("secret", 64);
        if (key is not null && secret is not null) throw new RequestRefusedException("policy has both api_key and secret; give one of them");
        var json = BatchFields.Bytes(policy);
        if (key is not null || policy.TryGetProperty(Key, out _) || fields.Find(Actions) is { ValueKind: JsonValueKind.Object })
        {
            var stripped = JsonNode.Parse(json)!.AsObject();
            stripped.Remove(Key);
            if (stripped[Actions] is JsonObject) stripped.Remove(Actions);
            json = JsonSerializer.SerializeToUtf8Bytes(stripped);
        }

        return new StoredPolicy { Type = type, Json = json, ApiKey = key, Secret = secret };
    }

    private static string ReadModel(BatchFields fields)
    {
        var address = fields.Text("base_url", LongestAddress);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")) throw new RequestRefusedException($"policy.base_url must be an address with http or https, as https://models.example/v1");
        if (url.UserInfo.Length > 0) throw new RequestRefusedException("policy.base_url must not have a user or password in it; give the key as api_key or secret");
        fields.Text("model", 300);
        if (fields.Has("headers")) throw new RequestRefusedException("policy.headers is not taken; give the key as api_key or secret");
        fields.Object("sampling");
        fields.Integer("max_tokens_total", 1, int.MaxValue);
        fields.Seconds("request_timeout_s", 86_400);
        fields.Integer("retries", 0, 100);
        if (fields.OptionalText("tools", 20) is { } tools and not ("native" or "text")) throw new RequestRefusedException($"policy.tools is '{tools}'; it may be native or text");
        return url.GetLeftPart(UriPartial.Path);
    }

    private static Dictionary<string, byte[]>? ReadActions(BatchFields fields, bool needsActions)
    {
        if (fields.Find(Actions) is not { } actions)
        {
            return needsActions ? throw new RequestRefusedException("policy.actions is required: a list of messages, or an object with such a list for each task id") : null;
        }

        if (actions.ValueKind == JsonValueKind.Array) return null;
        if (actions.ValueKind != JsonValueKind.Object) throw fields.Wrong(Actions, "a list of messages, or an object with such a list for each task id", actions);
        var byTask = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var task in actions.EnumerateObject())
        {
            if (task.Value.ValueKind != JsonValueKind.Array) throw new RequestRefusedException($"policy.actions of task '{task.Name}' must be a list of messages");
            byTask[task.Name] = BatchFields.Bytes(task.Value);
        }

        return byTask;
    }

    private static RequestRefusedException InnerKey() => new("policy.then must not have an api_key; put a secret by PUT /v1/secrets/NAME and name it as secret");
}
