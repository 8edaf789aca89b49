using Microsoft.Extensions.Options;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;

namespace SandQueue.Gateway.RestV1.Reads;

/// <summary><c>GET /v1/activity</c>: what was done in the last minute, what failed of late and whose instances live, as the database has it; for an admin that of all tenants too.</summary>
internal sealed class ActivityEndpoint(JournalActivity journal, LivingByTenant living, InstanceListing instances, IOptions<GatewayOptions> options, TimeProvider time) : IRestEndpoint
{
    private const string Farm = "farm";

    private static readonly QueryParameter Of = new("of", "string", "tenant, what is yours; or farm, all tenants together, which needs an admin key; tenant if not said") { Example = "tenant" };

    public RestOperation Operation { get; } = new("getActivity", "Says how much was done in the last minute, how fast, for whom, and what failed of late", typeof(ActivityView)) { Query = [Of] };

    public async Task AnswerAsync(HttpContext context)
    {
        var ofAll = new RestQuery(context, Operation).Text(Of.Name) switch
        {
            null or "tenant" => false,
            Farm when context.User.HasClaim(claim => claim.Type == ApiKeyServices.Admin) => true,
            Farm => throw new BadRequestException("of=farm needs an admin key", StatusCodes.Status403Forbidden, "forbidden"),
            _ => throw new BadRequestException("of in the query must be one of tenant, farm"),
        };
        var recent = await journal.ReadAsync(context.RequestAborted);
        long? begin = recent.Count == JournalActivity.Most ? recent[^1].RecordedAt : null;
        var (counted, live) = (recent, await living.CountAsync(context.RequestAborted));
        if (!ofAll)
        {
            // A tenant learns nothing of others, not even how many there are.
            var tenant = context.Tenant();
            (counted, live) = (recent.FindAll(end => end.Tenant == tenant), new Dictionary<string, int> { [tenant] = live.GetValueOrDefault(tenant) });
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var view = ActivityView.Of(counted, begin, now, live, tenant => options.Value.Limits.Of(tenant).LiveInstances);
        var names = await instances.NamesAsync([.. view.Failures.Select(failure => failure.EpisodeId).OfType<long>()], context.RequestAborted);
        await RestJson.WriteAsync(context, view.Named(names));
    }
}
