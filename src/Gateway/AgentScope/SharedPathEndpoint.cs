using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.AgentScope;

/// <summary>A path that both of AgentScope's surfaces have: a member of the body tells whose call it is.</summary>
internal sealed class SharedPathEndpoint(string member, ICallEndpoint sandboxManager, ICallEndpoint environmentService) : ICallEndpoint
{
    public Task AnswerAsync(HttpContext context, RequestBody body) =>
        (body.Has(member) ? sandboxManager : environmentService).AnswerAsync(context, body);
}
