using Microsoft.Extensions.Options;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Batches;
using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Settings;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Gateway.RestV1.Secrets;

/// <summary>Secrets by name, as these routes show them: never with a value.</summary>
internal static class SecretNames
{
    private const int Longest = 64;

    public static string Of(HttpContext context)
    {
        var name = PathText.Of(context, "name");
        return name.Length <= Longest && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-')
            ? name
            : throw new BadRequestException($"a secret's name must have 1 to {Longest} letters, digits, '.', '_' or '-'");
    }

    public static SecretView View(Secret secret) => new(secret.Name, RestJson.Time(secret.CreatedAt), RestJson.Time(secret.UpdatedAt));

    public static BadRequestException Unknown(string name) => new($"there is no secret '{name}'", StatusCodes.Status404NotFound, "unknown_secret");
}

/// <summary><c>PUT /v1/secrets/{name}</c>: keeps a key of an endpoint, encrypted.</summary>
internal sealed class PutSecretEndpoint(SecretDirectory secrets, IKeySealing keys, RestBody bodies, IOptions<RolloutOptions> options, TimeProvider time) : IRestEndpoint
{
    private const int LongestValue = 4096;

    public RestOperation Operation { get; } = new("putSecret", "Keeps a key of a policy's endpoint under a name; its value never comes back", typeof(SecretView))
    {
        Body = typeof(SecretRequest),
        BodyExample = """{"value": "sk-tutorial"}""",
    };

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var name = SecretNames.Of(context);
        using var body = await bodies.ReadAsync(context);
        RestCall.Require(body.Fields, "value");
        var value = body.Fields.Optional("value", LongestValue) ?? throw new BadRequestException("value is required");
        if (!EndpointKeys.MayBe(value)) throw new BadRequestException("value has characters that no key has: spaces, line breaks or letters beyond ASCII");
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var sealedValue = await RolloutRefusal.ToldAsync(() => Task.FromResult(keys.Seal(context.Tenant(), name, value)));
        var secret = new Secret { Tenant = context.Tenant(), Name = name, Sealed = sealedValue, CreatedAt = now, UpdatedAt = now };
        if (!await secrets.PutAsync(secret, options.Value.MaxSecrets, context.RequestAborted))
        {
            throw new BadRequestException(
                $"this tenant has {options.Value.MaxSecrets} secrets, and may have no more (Rollouts:MaxSecrets)", StatusCodes.Status429TooManyRequests, OutcomeNames.Reason(CommandReason.OverLimit));
        }

        await RestJson.WriteAsync(context, SecretNames.View(await secrets.FindAsync(secret.Tenant, name, context.RequestAborted) ?? secret));
    }
}

/// <summary><c>GET /v1/secrets</c>.</summary>
internal sealed class SecretListEndpoint(SecretDirectory secrets) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("listSecrets", "Lists your secrets by name, without their values", typeof(SecretList));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        await RestJson.WriteAsync(context, new SecretList([.. (await secrets.ListAsync(context.Tenant(), context.RequestAborted)).Select(SecretNames.View)]));
    }
}

/// <summary><c>GET /v1/secrets/{name}</c>.</summary>
internal sealed class SecretEndpoint(SecretDirectory secrets) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("getSecret", "Says whether there is a secret of that name, without its value", typeof(SecretView));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var name = SecretNames.Of(context);
        await RestJson.WriteAsync(context, SecretNames.View(await secrets.FindAsync(context.Tenant(), name, context.RequestAborted) ?? throw SecretNames.Unknown(name)));
    }
}

/// <summary><c>DELETE /v1/secrets/{name}</c>.</summary>
internal sealed class RemoveSecretEndpoint(SecretDirectory secrets) : IRestEndpoint
{
    public RestOperation Operation { get; } = new("removeSecret", "Forgets a secret", typeof(RemovedSecret));

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        var name = SecretNames.Of(context);
        if (!await secrets.RemoveAsync(context.Tenant(), name, context.RequestAborted)) throw SecretNames.Unknown(name);
        await RestJson.WriteAsync(context, new RemovedSecret(name, Removed: true));
    }
}
