using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Administration;

/// <summary><c>keys</c>.</summary>
internal static class KeyCommands
{
    private static readonly Argument<string> Tenant = new("tenant") { Description = "Whose key it is" };
    private static readonly Option<string?> OfTenant = new("--tenant") { Description = "Only this tenant's", HelpName = "TENANT" };
    private static readonly Option<string?> Name = new("--name") { Description = "A name for people", HelpName = "TEXT" };
    private static readonly Option<string?> Scope = new("--scope") { Description = "use (without), read or admin", HelpName = "SCOPE" };
    private static readonly Option<int?> Days = new("--days") { Description = "For how many days it is good; without, for ever", HelpName = "N" };
    private static readonly Argument<string> Id = new("id") { Description = "The key's id, as 'sandqueue keys list' shows it" };

    public static Command Keys(Surroundings around) => Verb.Group(
        "keys",
        "API keys of the gateway (with an admin key)",
        Verb.Of(around, "create", "Issue a key; it is shown this once", CreateAsync, Tenant, Name, Scope, Days),
        Verb.Of(around, "list", "List the issued keys, without what makes them keys", ListAsync, OfTenant),
        Verb.Of(around, "revoke", "Revoke a key", RevokeAsync, Id));

    private static async Task<int> CreateAsync(Call call, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["tenant"] = call.Get(Tenant) };
        foreach (var (name, value) in (ReadOnlySpan<(string, JsonNode?)>)[("name", call.Get(Name)), ("scope", call.Get(Scope)), ("days", call.Get(Days))])
            if (value is not null) request[name] = value;
        var key = await call.Api.PostAsync("v1/keys", request, cancellationToken);
        if (call.IsJson) call.Screen.Json(key);
        else
        {
            call.Screen.Note($"Key {key.Text("id")} of tenant {key.Text("tenant")}. It is shown this once:");
            call.Screen.Line(key.Text("key") ?? throw new CliException(ExitCode.GatewayFailed, "the gateway answered without a key"));
        }

        return ExitCode.Fine;
    }

    private static async Task<int> ListAsync(Call call, CancellationToken cancellationToken)
    {
        var query = call.Get(OfTenant) is { } tenant ? $"?tenant={Uri.EscapeDataString(tenant)}" : "";
        var keys = (await call.Api.GetAsync($"v1/keys{query}", cancellationToken)).List("keys") ?? [];
        if (call.IsJson) foreach (var key in keys) call.Screen.Json(key);
        else call.Screen.Table(["id", "tenant", "name", "scope", "created", "state"], keys.Select(IReadOnlyList<string> (key) =>
            [key.Text("id") ?? "", key.Text("tenant") ?? "", key.Text("name") ?? "", key.Text("scope") ?? "", Day(key.Text("created_at")), StateOf(call, key)]));
        return ExitCode.Fine;
    }

    private static async Task<int> RevokeAsync(Call call, CancellationToken cancellationToken)
    {
        var answer = await call.Api.SendAsync(HttpMethod.Delete, $"v1/keys/{Uri.EscapeDataString(call.Get(Id))}", body: null, cancellationToken);
        if (call.IsJson) call.Screen.Json(answer);
        else call.Screen.Line($"Key {call.Get(Id)} is revoked; every gateway refuses it within two seconds.");
        return ExitCode.Fine;
    }

    private static string StateOf(Call call, JsonNode? key) => (key.Text("revoked_at"), key.Text("expires_at")) switch
    {
        ({ } revoked, _) => $"revoked {Day(revoked)}",
        (_, { } end) => DateTimeOffset.TryParse(end, System.Globalization.CultureInfo.InvariantCulture, out var time) && time <= call.Time.GetUtcNow() ? $"expired {Day(end)}" : $"until {Day(end)}",
        _ => "no end",
    };

    private static string Day(string? time) => (time ?? "").Split('T')[0];
}
