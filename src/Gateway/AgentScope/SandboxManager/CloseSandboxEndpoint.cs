using Microsoft.Extensions.Options;
using SandQueue.Gateway.AgentScope.Calls;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary><c>POST /release {"identity"}</c>: releases every instance made through a sandbox. True also for one nobody knows.</summary>
internal sealed class CloseSandboxEndpoint(SandboxInstances instances, IOptions<GatewayOptions> options) : ICallEndpoint
{
    public async Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var failed = SandboxAnswer.IdentityOf(body) is { } identity
            ? await instances.ReleaseAsync(context.Tenant(), identity, options.Value.CommandTimeout, context.RequestAborted)
            : null;
        await (failed is null ? SandboxAnswer.DataAsync(context, true) : OutcomeAnswer.WriteErrorAsync(context, failed));
    }
}
