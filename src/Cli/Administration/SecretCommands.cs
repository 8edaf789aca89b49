using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Administration;

/// <summary><c>secrets</c>: keys of model endpoints, which a policy names by <c>--secret</c>.</summary>
internal static class SecretCommands
{
    private static readonly Argument<string> Name = new("name") { Description = "The secret's name" };

    public static Command Secrets(Surroundings around) => Verb.Group(
        "secrets",
        "Stored keys of model endpoints; their values never come back",
        Verb.Of(around, "set", "Store a secret; its value is read from the input", SetAsync, Name),
        Verb.Of(around, "list", "List the names", ListAsync),
        Verb.Of(around, "remove", "Remove a secret", RemoveAsync, Name));

    private static async Task<int> SetAsync(Call call, CancellationToken cancellationToken)
    {
        // Never an argument: those are seen by everybody on the machine, and kept by shells.
        var value = call.Around.IsInputTerminal
            ? await new Spectre.Console.TextPrompt<string>("Value: ") { IsSecret = true, Mask = null }.ShowAsync(call.Screen.Console, cancellationToken)
            : (await call.Around.Input.ReadToEndAsync(cancellationToken)).TrimEnd('\r', '\n');
        if (value.Length == 0) throw CliException.Usage($"the input has no value; write it there: sandqueue secrets set {call.Get(Name)} < FILE");
        using var body = RestApi.Content(new JsonObject { ["value"] = value });
        await call.Api.SendAsync(HttpMethod.Put, Path(call), body, cancellationToken);
        Told(call, "stored");
        return ExitCode.Fine;
    }

    private static async Task<int> ListAsync(Call call, CancellationToken cancellationToken)
    {
        var secrets = (await call.Api.GetAsync("v1/secrets", cancellationToken)).List("secrets") ?? [];
        if (call.IsJson) foreach (var secret in secrets) call.Screen.Json(secret);
        else call.Screen.Table(["secret", "stored"], secrets.Select(IReadOnlyList<string> (secret) =>
            [secret is JsonValue ? secret.ToString() : secret.Text("name") ?? "", secret.Text("updated_at") ?? secret.Text("created_at") ?? ""]));
        return ExitCode.Fine;
    }

    private static async Task<int> RemoveAsync(Call call, CancellationToken cancellationToken)
    {
        await call.Api.SendAsync(HttpMethod.Delete, Path(call), body: null, cancellationToken);
        Told(call, "removed");
        return ExitCode.Fine;
    }

    private static void Told(Call call, string what)
    {
        if (call.IsJson) call.Screen.Json(new JsonObject { ["name"] = call.Get(Name), [what] = true });
        else call.Screen.Line($"Secret {call.Get(Name)} is {what}.");
    }

    private static string Path(Call call) => $"v1/secrets/{Uri.EscapeDataString(call.Get(Name))}";
}
