using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Gateway.Commands;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Mcp.Results;
using SandQueue.Gateway.Mcp.Sessions;
using SandQueue.Routing;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Mcp.Calls;

/// <summary>Finds environments and tasks.</summary>
internal sealed class DiscoveryCalls(ICommandRouter router, EpisodeCommands commands, FleetView fleet, JournalState journal)
{
    private static readonly string[] Members = ["env_type", "split", "after", "limit"];

    public async Task<CallResult> EnvironmentsAsync(JsonFields fields, CancellationToken cancellationToken)
    {
        if (fields.Unknown([]) is { } unknown) throw new BadRequestException($"{DoorTools.Environments} takes nothing, not '{unknown}'");
        var served = (await fleet.EnvironmentsAsync(cancellationToken)).Values.ToList();
        var listed = served.Select(environment => new JsonObject
        {
            ["env_type"] = environment.Name,
            ["tasks"] = environment.Tasks,
            ["unlimited"] = environment.Unlimited,
            ["data_source"] = environment.DataSource,
        });
        return new CallResult(ToolResults.List(
            new JsonObject { ["environments"] = new JsonArray([.. listed]) }, served.Select(environment => $"{environment.Name}: {environment.Tasks} tasks, {environment.DataSource}")));
    }

    /// <exception cref="BadRequestException">A member is wrong.</exception>
    public async Task<CallResult> TasksAsync(EpisodeSession session, JsonFields fields, CancellationToken cancellationToken)
    {
        if (fields.Unknown(Members) is { } unknown) throw new BadRequestException($"{DoorTools.Tasks} takes {string.Join(", ", Members)}, not '{unknown}'");
        var (after, limit) = (fields.Optional("after"), fields.Integer("limit") ?? PageLimit.Usual);
        if (limit is < 1 or > PageLimit.Largest) throw new BadRequestException($"limit must be an integer from 1 to {PageLimit.Largest}, not {limit}");
        var list = commands.ListTasks(session, fields.Required("env_type"), fields.Optional("split") ?? "train");
        var outcome = await router.ListTasksAsync(list, cancellationToken);
        if (outcome is not CommandOutcome.Completed completed)
        {
            return CallResult.Failed(instance: null, list.CommandId, await CommandProblem.OfAsync(journal, outcome, RequestKey.Words, cancellationToken));
        }

        var tasks = JsonSerializer.Deserialize<List<string>>(completed.Answer)!;
        var from = after is null ? 0 : tasks.IndexOf(after) + 1;
        if (after is not null && from == 0) throw new BadRequestException($"after is '{after}', which is no task of this split");
        var page = tasks.Skip(from).Take(limit).ToList();
        return new CallResult(ToolResults.List(
            new JsonObject { ["tasks"] = new JsonArray([.. page.Select(task => (JsonNode)task)]), ["more"] = from + page.Count < tasks.Count }, page));
    }
}
