using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Verbs;
using SandQueue.Storage.Instances;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary><c>POST /release {"identity"}</c>: releases every instance made through a sandbox. True also for one nobody knows.</summary>
internal static class CloseSandboxEndpoint
{
    public static async Task HandleAsync(HttpContext context, RequestBody body)
    {
        var instances = context.RequestServices.GetRequiredService<InstanceDirectory>();
        var verbs = context.RequestServices.GetRequiredService<EpisodeVerbs>();
        var tenant = context.Tenant();
        var living = await instances.FindBySandboxAsync(tenant, SandboxEndpoints.IdentityOf(body), context.RequestAborted);
        var replies = await Task.WhenAll(living.Select(instance =>
            verbs.ReleaseAsync(tenant, instance, Guid.NewGuid().ToString("n"), context.RequestAborted)));

        // One that ended meanwhile was refused, and is gone as wished.
        var failed = Array.Find(replies, reply => reply is not { End: CommandEnd.Completed or CommandEnd.Rejected });
        if (failed is null && Array.TrueForAll(replies, reply => reply is not null)) await SandboxEndpoints.DataAsync(context, true);
        else await ReplyAnswer.WriteErrorAsync(context, failed);
    }
}
