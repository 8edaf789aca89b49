using SandQueue.Contracts;
using SandQueue.Gateway.AgentScope.EnvironmentService;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Verbs;

namespace SandQueue.Gateway.AgentScope.SandboxManager;

/// <summary>
/// <c>POST /call_tool {"identity","tool_name","arguments"}</c>: the verbs, called by name. The client looks at no status,
/// so an answer always has <c>data</c> and an error always <c>detail</c>.
/// </summary>
internal static class CallToolEndpoint
{
    private static readonly byte[] Before = "{\"data\":"u8.ToArray();
    private static readonly byte[] After = "}"u8.ToArray();

    public static async Task HandleAsync(HttpContext context, RequestBody body)
    {
        var verbs = context.RequestServices.GetRequiredService<EpisodeVerbs>();
        var arguments = new JsonFields(body.Fields.Object("arguments"));
        var call = EnvironmentServiceEndpoints.Call(context, body) with { Fields = arguments, SandboxId = SandboxEndpoints.IdentityOf(body) };
        var cancellationToken = context.RequestAborted;
        var tool = body.Fields.Required("tool_name");
        Func<CommandReply?, Task> answer = reply => AnswerAsync(context, tool, reply);
        if (tool == "step")
        {
            await verbs.StepAsync(call, "action", answer, cancellationToken);
            return;
        }

        await answer(tool switch
        {
            "get_task_ids" or "get_env_profile" => await verbs.ListTasksAsync(call, arguments.Optional("split") ?? "train", cancellationToken),
            "create_instance" => await verbs.CreateAsync(call, cancellationToken),
            "evaluate" => await verbs.EvaluateAsync(call, cancellationToken),
            "get_info" or "get_tools_info" => await verbs.DescribeAsync(call, cancellationToken),
            "release_instance" => await verbs.ReleaseAsync(call, cancellationToken),
            _ => throw new BadRequestException(
                $"unknown tool_name '{tool}'; known are get_task_ids, get_env_profile, create_instance, step, evaluate, get_info, release_instance"),
        });
    }

    /// <summary>Releasing what is not there is false, not an error, as on the other surface.</summary>
    private static Task AnswerAsync(HttpContext context, string tool, CommandReply? reply) =>
        tool == "release_instance" && reply is { End: CommandEnd.Rejected }
            ? SandboxEndpoints.DataAsync(context, false)
            : ReplyAnswer.WriteAsync(context, reply, Before, After);
}
