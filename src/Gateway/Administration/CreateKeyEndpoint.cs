using System.Text.Json.Nodes;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.Security;
using SandQueue.Storage.Tenants;

namespace SandQueue.Gateway.Administration;

/// <summary>
/// <c>POST /admin/keys</c> with <c>{"tenant","name"?,"scope"?,"days"?}</c>: issues a key. The answer has it as <c>key</c>, this once: only its hash is kept.
/// </summary>
internal sealed class CreateKeyEndpoint(KeyDirectory keys, TimeProvider time) : ICallEndpoint
{
    private static readonly string[] Members = ["tenant", "name", "scope", "days"];

    public async Task AnswerAsync(HttpContext context, RequestBody body)
    {
        var fields = body.Fields;
        if (fields.Unknown(Members) is { } unknown) throw new BadRequestException($"there is no member '{unknown}'; there is {string.Join(", ", Members)}");
        var asked = KeyRequest.Of(fields.Required("tenant"), fields.Optional("name"), fields.Optional("scope"), fields.Integer("days"), line => new BadRequestException(line));

        var (row, key) = IssuedKey.Make(asked.Tenant, asked.Name, asked.Scope, time.GetUtcNow(), asked.Lifetime);
        await keys.AddAsync(row, context.RequestAborted);
        var made = KeyAnswer.Of(row);
        made["key"] = key;
        context.Response.Headers.CacheControl = "no-store";
        await JsonAnswer.ObjectAsync(context, StatusCodes.Status201Created, new JsonObject { ["success"] = true, ["data"] = made });
    }
}
