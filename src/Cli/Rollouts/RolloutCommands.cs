using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Policies;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Rollouts;

/// <summary><c>rollout</c>.</summary>
internal static class RolloutCommands
{
    private static readonly Argument<string?> Env = new("env") { Description = "The environment", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Argument<string?> Task = new("task") { Description = "The task", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Params = new("--params") { Description = "Parameters of the create", HelpName = "JSON" };
    private static readonly Option<string?> Id = new("--rollout-id") { Description = "A name for it; asked for twice, it is played once", HelpName = "ID" };
    private static readonly Option<double?> Deadline = new("--deadline") { Description = "Most seconds until its end", HelpName = "SECONDS" };
    private static readonly Option<string?> Attach = new("--attach") { Description = "Wait for the end of one that was begun before", HelpName = "ID" };

    public static Command Rollout(Surroundings around)
    {
        var policy = new PolicyOptions();
        return Verb.Of(
            around, "rollout", "Play one episode by a policy and wait for its end", (call, cancellationToken) => RunAsync(call, policy, cancellationToken), [Env, Task, Params, Id, Deadline, Attach, .. policy.All]);
    }

    private static async Task<int> RunAsync(Call call, PolicyOptions policies, CancellationToken cancellationToken)
    {
        if (call.Get(Attach) is { } id)
        {
            JsonObject rollout;
            do rollout = await call.Api.GetAsync($"v1/rollouts/{Uri.EscapeDataString(id)}?wait=50", cancellationToken);
            while (rollout.Text("end") is null);
            return RolloutView.Show(call, rollout);
        }

        var policy = policies.Read(call);
        if (call.Get(policies.Actions) is { } file) policy["actions"] = new JsonArray([.. JsonInput.Lines(file).Select(line => ActionOf(file, line))]);
        var request = new JsonObject
        {
            ["env_type"] = call.Get(Env) ?? throw CliException.Usage("name the environment and the task: sandqueue rollout ENV TASK --policy KIND"),
            ["task_id"] = call.Get(Task) ?? throw CliException.Usage($"name the task; 'sandqueue tasks {call.Get(Env)}' lists them"),
            ["policy"] = policy,
        };
        if (JsonInput.Object(call.Get(Params), "--params") is { } given) request["params"] = given;
        if (call.Get(Id) is { } name) request["rollout_id"] = name;
        if (call.Get(Deadline) is { } deadline) request["deadline_s"] = deadline;
        return RolloutView.Show(call, await RolloutView.PlayAsync(call, request, cancellationToken));
    }

    private static JsonNode ActionOf(string file, (int Line, JsonNode Value) line) => line.Value switch
    {
        JsonObject message when message.ContainsKey("role") => message,
        JsonValue text when text.TryGetValue<string>(out _) => text,
        _ => throw JsonInput.At(file, line.Line, "no assistant's message, as {\"role\": \"assistant\", \"content\": …}, and no text; nothing was started"),
    };
}
