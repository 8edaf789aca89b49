using Microsoft.Extensions.Options;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Gateway.Settings;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Tenants;

namespace SandQueue.Gateway.RestV1.Keys;

/// <summary><c>GET /v1/tenants</c>: who has keys or living instances, and the limits that count for each.</summary>
internal sealed class TenantsEndpoint(ApiKeys settings, KeyDirectory keys, InstanceListing instances, IOptions<GatewayOptions> options, TimeProvider time) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("listTenants", "Lists the tenants that have keys or living instances, and their limits", typeof(TenantList));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var issued = (await keys.ListIssuedAsync(context.RequestAborted)).Where(key => key.ExpiresAt is null || key.ExpiresAt > now).CountBy(key => key.Tenant).ToDictionary(StringComparer.Ordinal);
        var living = await instances.CountLivingAsync(context.RequestAborted);
        var names = issued.Keys.Concat(living.Keys).Concat(settings.Tenants).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        await RestJson.WriteAsync(context, new TenantList([.. names.Select(name => TenantView.Of(name, living.GetValueOrDefault(name), issued.GetValueOrDefault(name), options.Value.Limits.Of(name)))]));
    }
}
