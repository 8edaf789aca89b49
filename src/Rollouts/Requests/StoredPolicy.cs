using System.Text.Json;
using System.Text.Json.Nodes;

namespace SandQueue.Rollouts.Requests;

/// <summary>A policy that was asked for, checked, as it is stored: its key is apart from it, so that what is stored and shown never has one.</summary>
public sealed record StoredPolicy
{
    private const string Actions = "actions";
    private const string Key = "api_key";
    private const string Then = "then";

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
    /// <param name="path">Its name in errors.</param>
    /// <exception cref="RequestRefusedException">It is wrong.</exception>
    public static StoredPolicy Read(JsonElement policy, bool needsActions = true, string path = "policy")
    {
        var read = Checked(policy, path);
        if (read is RecordedRequest { Actions: null, ActionsByTask: null } && needsActions)
        {
            throw new RequestRefusedException($"{path}.actions is required: a list of messages, or an object with such a list for each task id");
        }

        var model = read as ModelRequest ?? (read as ForkRequest)?.Then as ModelRequest;
        return new StoredPolicy
        {
            Type = read.Type,
            Json = Stripped(policy),
            ApiKey = model?.ApiKey,
            Secret = model?.Secret,
            Endpoint = model?.BaseUrl.GetLeftPart(UriPartial.Path),
            ActionsByTask = read is RecordedRequest { ActionsByTask: not null }
                ? policy.GetProperty(Actions).EnumerateObject().ToDictionary(task => task.Name, task => BatchFields.Bytes(task.Value), StringComparer.Ordinal)
                : null,
        };
    }

    /// <summary>The recorded policy of one rollout.</summary>
    /// <param name="actions">Its messages, a JSON list.</param>
    public StoredPolicy WithActions(JsonElement actions)
    {
        var policy = JsonNode.Parse(Json)!.AsObject();
        policy[Actions] = JsonNode.Parse(BatchFields.Bytes(actions));
        return this with { Json = JsonSerializer.SerializeToUtf8Bytes(policy), ActionsByTask = null };
    }

    private static PolicyRequest Checked(JsonElement policy, string path)
    {
        try
        {
            return PolicyReading.Read(policy, path);
        }
        catch (RolloutRequestException exception)
        {
            throw new RequestRefusedException(exception.Message);
        }
    }

    /// <summary>Without its key, also where another policy goes on with it, and without the actions of other tasks, which each rollout gets for itself.</summary>
    private static byte[] Stripped(JsonElement policy)
    {
        var isByTask = policy.TryGetProperty(Actions, out var actions) && actions.ValueKind == JsonValueKind.Object;
        var goesOnWithKey = policy.TryGetProperty(Then, out var then) && then.ValueKind == JsonValueKind.Object && then.TryGetProperty(Key, out _);
        if (!isByTask && !goesOnWithKey && !policy.TryGetProperty(Key, out _)) return BatchFields.Bytes(policy);
        var stripped = JsonNode.Parse(BatchFields.Bytes(policy))!.AsObject();
        stripped.Remove(Key);
        if (goesOnWithKey) stripped[Then]!.AsObject().Remove(Key);
        if (isByTask) stripped.Remove(Actions);
        return JsonSerializer.SerializeToUtf8Bytes(stripped);
    }
}
