using Microsoft.AspNetCore.Routing.Matching;

namespace SandQueue.Gateway.Ors.Sessions;

/// <summary>Marks a route that another door has too: this one is for requests that name a session.</summary>
internal sealed class NeedsSessionHeader;

/// <summary>Tells the two <c>POST /create</c> apart: AgentScope's clients name no session.</summary>
internal sealed class SessionHeaderPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsForSessions);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var namesSession = httpContext.Request.Headers.ContainsKey(OrsSession.Header);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && IsForSessions(candidates[i].Endpoint) != namesSession) candidates.SetValidity(i, false);
        }

        return Task.CompletedTask;
    }

    private static bool IsForSessions(Endpoint endpoint) => endpoint.Metadata.GetMetadata<NeedsSessionHeader>() is not null;
}
