using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/instances/{instance_id}/failures</c>: what was asked of an instance and took no effect, with the reason. A cursor stays with its episode.</summary>
internal sealed class FailuresEndpoint(InstanceListing instances, EpisodeFailures failures) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("listFailures", "Lists the commands of an instance that did not complete, and why", typeof(FailurePage))
    {
        Query = [QueryParameter.Episode, QueryParameter.Cursor, QueryParameter.Limit],
    };

    public async Task AnswerAsync(HttpContext context)
    {
        var query = new RestQuery(context, Operation);
        var (name, limit, cursor) = (PathText.Of(context, "instance_id"), query.Limit, query.Cursor(2));
        var row = await instances.FindAsync(context.Tenant(), name, cursor?[0] ?? query.Episode, context.RequestAborted) ?? throw UnknownInstance.Of(name);
        var found = await failures.ReadAsync(context.Tenant(), row, cursor?[1] ?? 0, limit + 1, context.RequestAborted);
        var next = found.Count > limit ? EpisodeEntries.Position(row.EpisodeId, found[limit - 1].Id) : null;
        await RestJson.WriteAsync(context, new FailurePage(row.InstanceId, row.EpisodeId, [.. found.Take(limit).Select(FailureView.Of)], next));
    }
}
