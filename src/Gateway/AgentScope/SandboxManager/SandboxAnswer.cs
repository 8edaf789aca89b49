using System.Text.Json.Nodes;
using SandQueue.Gateway.AgentScope.Calls;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary>What stands around an answer of the sandbox manager: <c>{"data": …}</c>, and an error is <c>{"detail": …}</c>.</summary>
internal static class SandboxAnswer
{
    /// <summary>The member that names a sandbox, and tells this surface's calls from the environment service's on the paths that both have.</summary>
    public const string Identity = "identity";

    private static readonly byte[] Before = "{\"data\":"u8.ToArray();
    private static readonly byte[] After = "}"u8.ToArray();

    /// <summary>The sandbox of a call; null for a call outside of any: the classes send that where no sandbox was opened.</summary>
    /// <exception cref="BadRequestException">The member is missing, or is no name.</exception>
    public static string? IdentityOf(RequestBody body) => body.Fields.Names(Identity) ? body.Fields.Optional(Identity) : body.Fields.Required(Identity);

    public static Task DataAsync(HttpContext context, JsonNode? data) =>
        JsonAnswer.ObjectAsync(context, StatusCodes.Status200OK, new JsonObject { ["data"] = data });

    public static Task WriteAsync(HttpContext context, CommandOutcome outcome) => OutcomeAnswer.WriteAsync(context, outcome, Before, After);
}
