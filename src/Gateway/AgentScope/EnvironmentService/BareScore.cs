using System.Runtime.InteropServices;
using System.Text.Json;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary>
/// AgentJet's client sends the params of an evaluation in the place of its messages, <c>{"messages": {"sparse": false}, "params": {}}</c>, and
/// compares what comes back with a number. A message has no such member, so its calls can be told apart.
/// </summary>
internal static class BareScore
{
    public static bool IsAskedFor(RequestBody body) =>
        new JsonFields(body.Fields.Object("messages")).Value("sparse") is { ValueKind: JsonValueKind.True or JsonValueKind.False };

    /// <summary>The score alone; an answer without one as it is.</summary>
    public static CommandOutcome Of(CommandOutcome outcome)
    {
        if (outcome is not CommandOutcome.Completed completed) return outcome;
        using var answer = JsonDocument.Parse(completed.Answer);
        return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number
            ? completed with { Answer = JsonMarshal.GetRawUtf8Value(score).ToArray() }
            : outcome;
    }
}
