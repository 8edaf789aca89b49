using System.Text.Json.Nodes;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary>Answers what AgentScope's client asks before it goes on, and what is the same for every sandbox here.</summary>
internal sealed class ConstantEndpoint(JsonNode? data) : ICallEndpoint
{
    public Task AnswerAsync(HttpContext context, RequestBody body) => SandboxAnswer.DataAsync(context, data?.DeepClone());
}
