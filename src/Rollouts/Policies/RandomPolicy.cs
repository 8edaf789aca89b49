using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Rollouts.Policies;

/// <summary>
/// Calls a tool at random, with arguments drawn from its schema; where the environment offers none it says a few words. What it draws depends on its seed, the task,
/// the member of the group and the step, and on nothing else.
/// </summary>
internal sealed class RandomPolicy(long seed, PolicySubject subject) : IPolicy
{
    private const int MostWords = 6;

    public Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken)
    {
        var random = new SeededRandom(string.Create(CultureInfo.InvariantCulture, $"rollout/random/{subject.EnvType}/{subject.TaskId}/{subject.Member}/{seed}/{episode.Step}"));
        return Task.FromResult(new PolicyTurn(JsonSerializer.SerializeToUtf8Bytes(Message(random, episode)), []) { IsRepeatable = true });
    }

    public void Resume(int step, PolicyTurn turn)
    {
        // Every step is drawn for itself.
    }

    private static JsonObject Message(SeededRandom random, PolicyEpisode episode)
    {
        if (episode.Tools.Count == 0)
        {
            return new JsonObject { ["role"] = "assistant", ["content"] = string.Join(' ', Enumerable.Range(0, 1 + random.Below(MostWords)).Select(_ => SchemaDraw.Word(random))) };
        }

        var (name, parameters) = Function(episode.Tools[random.Below(episode.Tools.Count)]);
        var arguments = SchemaDraw.Value(random, parameters) as JsonObject ?? [];
        var call = new JsonObject
        {
            ["id"] = string.Create(CultureInfo.InvariantCulture, $"call_{episode.Step}"),
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments.ToJsonString() },
        };
        return new JsonObject { ["role"] = "assistant", ["content"] = null, ["tool_calls"] = new JsonArray(call) };
    }

    private static (string Name, JsonElement Parameters) Function(JsonElement tool)
    {
        var function = tool.TryGetProperty("function", out var nested) && nested.ValueKind == JsonValueKind.Object ? nested : tool;
        return (
            function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : "",
            function.TryGetProperty("parameters", out var parameters) ? parameters : default);
    }
}
