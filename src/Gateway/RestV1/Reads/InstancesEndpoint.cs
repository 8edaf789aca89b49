using System.Globalization;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Model;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/instances</c>: the tenant's instances, living and ended, the newest first.</summary>
internal sealed class InstancesEndpoint(InstanceListing instances) : IRestEndpoint
{
    private static readonly Dictionary<string, InstanceState> States = Enum.GetValues<InstanceState>().ToDictionary(RestJson.Name);
    private static readonly QueryParameter EnvType = new("env_type", "string", "only those of this environment") { Example = "frozenlake" };
    private static readonly QueryParameter State = new("state", "string", $"only those in this state: {string.Join(", ", States.Keys)}") { Example = "live" };

    private static readonly QueryParameter Search = new("search", "string", "only those whose id or task has this in it, in whatever case") { Example = "4x4" };

    public RestOperation Operation { get; } = new("listInstances", "Lists your instances, living and ended, the newest first", typeof(InstancePage))
    {
        Query = [EnvType, State, Search, QueryParameter.Cursor, QueryParameter.Limit],
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var limit = query.Limit;
        var rows = await instances.ListAsync(
            context.Tenant(), query.Text(EnvType.Name), StateOf(query), query.Text(Search.Name), query.Cursor(1)?[0], limit + 1, context.RequestAborted);
        var next = rows.Count > limit ? rows[limit - 1].EpisodeId.ToString(CultureInfo.InvariantCulture) : null;
        await RestJson.WriteAsync(context, new InstancePage([.. rows.Take(limit).Select(InstanceView.Of)], next));
    }

    private static InstanceState? StateOf(RestQuery query)
    {
        if (query.Text(State.Name) is not { } name) return null;
        return States.TryGetValue(name, out var state) ? state : throw new BadRequestException($"state in the query must be one of {string.Join(", ", States.Keys)}");
    }
}
