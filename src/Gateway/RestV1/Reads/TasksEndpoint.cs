using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Settings;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/environments/{env_type}/tasks</c>: the task ids of a split, page by page, all or those that contain a text.</summary>
internal sealed class TasksEndpoint(ICommandRouter router, IOptions<GatewayOptions> options) : IRestEndpoint
{
    private static readonly QueryParameter Split = new("split", "string", "the split, as train, val or test; train if not said") { Example = "val" };
    private static readonly QueryParameter Search = new("search", "string", "only ids that contain this text, in whatever case") { Example = "4x4" };

    public RestOperation Operation { get; } = new("listTasks", "Lists the tasks of an environment", typeof(TaskPage))
    {
        Query = [Split, Search, QueryParameter.Cursor, QueryParameter.Limit, QueryParameter.Timeout],
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var (search, limit, cursor) = (query.Text(Search.Name), query.Limit, query.Text(QueryParameter.Cursor.Name));
        var command = new RestCall(context, Operation, options.Value).ListTasks(PathText.Of(context, "env_type"), query.Text(Split.Name) ?? "train");
        var outcome = await router.ListTasksAsync(command, context.RequestAborted);
        if (outcome is CommandOutcome.Completed completed)
        {
            await RestJson.WriteAsync(context, TaskPages.Read(completed.Answer, search, cursor, limit));
            return;
        }

        await CommandResult.WriteProblemAsync(context, command, await CommandProblem.OfAsync(context, outcome, IdempotencyKey.Header));
    }
}
