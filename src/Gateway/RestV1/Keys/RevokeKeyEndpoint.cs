using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Storage.Tenants;

namespace SandQueue.Gateway.RestV1.Keys;

/// <summary><c>DELETE /v1/keys/{key_id}</c>: revokes an issued key; every gateway refuses it within two seconds.</summary>
internal sealed class RevokeKeyEndpoint(KeyDirectory keys, TimeProvider time) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("revokeKey", "Revokes an API key; every gateway refuses it within two seconds", typeof(RevokedKey));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var id = PathText.Of(context, "key_id");
        if (!await keys.RevokeAsync(id, time.GetUtcNow().ToUnixTimeMilliseconds(), context.RequestAborted))
        {
            throw new BadRequestException($"no key '{id}' is good; GET /v1/keys lists those that were issued", StatusCodes.Status404NotFound, "unknown_key");
        }

        await RestJson.WriteAsync(context, new RevokedKey(id, Revoked: true));
    }
}
