using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.AgentScope.Calls;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary>
/// <c>POST /call_tool {"identity","tool_name","arguments"}</c>: the commands, called by name. The client looks at no status,
/// so an answer always has <c>data</c> and an error always <c>detail</c>.
/// </summary>
internal sealed class CallToolEndpoint(
    ICommandRouter router, CreateDelivery creates, StepDelivery steps, IOptions<GatewayOptions> options, TimeProvider time) : ICallEndpoint
{
    public Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var arguments = new JsonFields(body.Fields.Object("arguments"));
        var call = new EpisodeCall(context, arguments, options.Value, SandboxAnswer.IdentityOf(body));
        var cancellationToken = context.RequestAborted;
        var tool = body.Fields.Required("tool_name");
        return tool switch
        {
            "get_task_ids" or "get_env_profile" => WriteAsync(context, router.ListTasksAsync(call.ListTasks(arguments.Optional("split") ?? "train"), cancellationToken)),
            "create_instance" => creates.AnswerAsync(context, call.Create(time), outcome => SandboxAnswer.WriteAsync(context, outcome)),
            "step" => steps.AnswerAsync(call.Step("action"), outcome => SandboxAnswer.WriteAsync(context, outcome), cancellationToken),
            "evaluate" => WriteAsync(context, router.SendAsync(call.Evaluate(), cancellationToken)),
            "get_info" or "get_tools_info" => WriteAsync(context, router.SendAsync(call.Describe(), cancellationToken)),
            "release_instance" => WriteReleasedAsync(context, router.SendAsync(call.Release(), cancellationToken)),
            _ => throw new BadRequestException(
                $"unknown tool_name '{tool}'; known are get_task_ids, get_env_profile, create_instance, step, evaluate, get_info, release_instance"),
        };
    }

    private static async Task WriteAsync(HttpContext context, Task<CommandOutcome> outcome) => await SandboxAnswer.WriteAsync(context, await outcome);

    /// <summary>Releasing what is not there is false, not an error, as on the other surface.</summary>
    private static async Task WriteReleasedAsync(HttpContext context, Task<CommandOutcome> released)
    {
        var outcome = await released;
        await (outcome is CommandOutcome.Rejected { Reason: CommandReason.UnknownInstance or CommandReason.Released } ? SandboxAnswer.DataAsync(context, false) : SandboxAnswer.WriteAsync(context, outcome));
    }
}
