using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.AgentScope;

/// <summary>
/// A path that both of AgentScope's surfaces have: the body tells whose call it is. The sandbox classes send their member as null where
/// no sandbox was opened.
/// </summary>
/// <param name="sandboxMember">What every call of the sandbox manager names.</param>
/// <param name="serviceMember">What every call of the environment service has.</param>
/// <param name="sandboxManager">Answers calls of the sandbox manager.</param>
/// <param name="environmentService">Answers calls of the environment service.</param>
internal sealed class SharedPathEndpoint(string sandboxMember, string serviceMember, ICallEndpoint sandboxManager, ICallEndpoint environmentService) : ICallEndpoint
{
    public Task AnswerAsync(HttpContext context, RequestBody body) =>
        (IsForSandbox(body.Fields) ? sandboxManager : environmentService).AnswerAsync(context, body);

    private bool IsForSandbox(JsonFields fields) => fields.Has(sandboxMember) || (fields.Names(sandboxMember) && !fields.Has(serviceMember));
}
