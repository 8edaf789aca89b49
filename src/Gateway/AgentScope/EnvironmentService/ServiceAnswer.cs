using SandQueue.Gateway.AgentScope.Calls;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.AgentScope.EnvironmentService;

/// <summary>What stands around a call of the environment service: <c>{"env_type","task_id","instance_id","messages","params"}</c> in, <c>{"success","data"}</c> out.</summary>
internal static class ServiceAnswer
{
    private static readonly byte[] Before = "{\"success\":true,\"data\":"u8.ToArray();
    private static readonly byte[] After = "}"u8.ToArray();

    public static EpisodeCall Call(HttpContext context, RequestBody body, GatewayOptions options) => new(context, body.Fields, options);

    public static Task WriteAsync(HttpContext context, CommandOutcome outcome) => OutcomeAnswer.WriteAsync(context, outcome, Before, After);
}
