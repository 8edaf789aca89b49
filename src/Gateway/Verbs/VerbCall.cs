using System.Text.Json;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.Verbs;

/// <summary>
/// One call of a verb, whichever surface it came through: who calls, with which members, and under which idempotency key.
/// </summary>
/// <param name="Tenant">The caller's name.</param>
/// <param name="Fields">The members of the request, or of a tool call's arguments.</param>
/// <param name="IdempotencyKey">The header <c>Idempotency-Key</c>, or null.</param>
/// <param name="SandboxId">The sandbox it came through, or null.</param>
internal sealed record VerbCall(string Tenant, JsonFields Fields, string? IdempotencyKey = null, string? SandboxId = null)
{
    /// <summary>A caller's own id of the command, in <c>params</c>: the only place some clients can put one.</summary>
    private const string CommandIdParam = "_command_id";

    private const string StepParam = "_step";
    private const string TimeoutParam = "_timeout_ms";

    public JsonElement Params => Fields.Object("params");

    /// <summary>The caller's id of this command, or a new one.</summary>
    public string CommandId() =>
        Checked(IdempotencyKey) ?? new JsonFields(Params).Optional(CommandIdParam) ?? Guid.NewGuid().ToString("n");

    /// <summary>Whether the caller can send it again and say so.</summary>
    public bool HasNoIdempotencyKey => IdempotencyKey is null && new JsonFields(Params).Optional(CommandIdParam) is null && ExpectedStep() is null;

    /// <summary>The milliseconds the command may take: the caller's <c>params._timeout_ms</c>, and never more than <paramref name="most"/>.</summary>
    public int RemainingMs(TimeSpan most) => new JsonFields(Params).Integer(TimeoutParam) switch
    {
        null => (int)most.TotalMilliseconds,
        > 0 and var given => Math.Min(given, (int)most.TotalMilliseconds),
        _ => throw new BadRequestException("params._timeout_ms must be an integer above 0"),
    };

    /// <summary>The number the caller says this step has.</summary>
    public int? ExpectedStep() => new JsonFields(Params).Integer(StepParam);

    private static string? Checked(string? key) => key?.Length > 200
        ? throw new BadRequestException("Idempotency-Key must have at most 200 characters")
        : key;
}
