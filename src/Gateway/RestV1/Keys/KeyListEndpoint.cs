using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Storage.Tenants;

namespace SandQueue.Gateway.RestV1.Keys;

/// <summary><c>GET /v1/keys</c>: the keys that were issued, revoked ones too. Those of the settings are not among them.</summary>
internal sealed class KeyListEndpoint(KeyDirectory keys) : IRestEndpoint
{
    private static readonly QueryParameter Tenant = new("tenant", "string", "only those of this tenant") { Example = "anna" };

    public RestOperation Operation { get; } = new("listKeys", "Lists the API keys that were issued", typeof(KeyList)) { Query = [Tenant] };

    public async Task AnswerAsync(HttpContext context)
    {
        var listed = await keys.ListAsync(new RestQuery(context, Operation).Text(Tenant.Name), context.RequestAborted);
        await RestJson.WriteAsync(context, new KeyList([.. listed.Select(KeyView.Of)]));
    }
}
