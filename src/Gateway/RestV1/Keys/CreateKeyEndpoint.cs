using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Tenants;

namespace SandQueue.Gateway.RestV1.Keys;

/// <summary><c>POST /v1/keys</c>: issues a key. The answer has it, this once: only its hash is kept.</summary>
internal sealed class CreateKeyEndpoint(KeyDirectory keys, RestBody bodies, TimeProvider time) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("createKey", "Issues an API key; the answer has it this once", typeof(IssuedKeyView))
    {
        Status = StatusCodes.Status201Created,
        Body = typeof(CreateKeyRequest),
        BodyExample = """{"tenant": "anna", "name": "laptop", "scope": "use", "days": 30}""",
    };

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        using var body = await bodies.ReadAsync(context);
        var fields = body.Fields;
        RestCall.Require(fields, "tenant", "name", "scope", "days");
        var asked = KeyRequest.Of(fields.Required("tenant"), fields.Optional("name"), fields.Optional("scope"), fields.Integer("days"), line => new BadRequestException(line));
        var (row, key) = IssuedKey.Make(asked.Tenant, asked.Name, asked.Scope, time.GetUtcNow(), asked.Lifetime);
        await keys.AddAsync(row, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        await RestJson.WriteAsync(context, IssuedKeyView.Of(row, key), StatusCodes.Status201Created);
    }
}
