using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;

namespace SandQueue.Cli.Batches;

/// <summary><c>batch retry</c>: rollouts that did not complete are begun anew.</summary>
internal static class BatchRetry
{
    private static readonly Argument<string> Id = new("batch") { Description = "The batch's id" };
    private static readonly Option<string?> End = new("--end") { Description = "Only those of this end: failed, rejected, expired or cancelled", HelpName = "END" };
    private static readonly Option<string?> Cause = new("--cause") { Description = "Only those of this cause, as policy", HelpName = "CAUSE" };
    private static readonly Option<string?> Task = new("--task") { Description = "Only those of this task", HelpName = "ID" };
    private static readonly Option<string?> Rollout = new("--rollout") { Description = "Only this one", HelpName = "ID" };
    private static readonly Option<string?> KeyVariable = new("--model-key-env") { Description = "Variable that holds the endpoint's key: that of a closed batch was erased", HelpName = "NAME" };

    public static Command Retry(Surroundings around) => Verb.Of(
        around, "retry", "Play the rollouts again that did not complete; a closed batch opens again", RunAsync, Id, End, Cause, Task, Rollout, KeyVariable);

    private static Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        var request = new JsonObject();
        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("end", call.Get(End)), ("cause", call.Get(Cause)), ("task_id", call.Get(Task)), ("rollout_id", call.Get(Rollout)), ("api_key", Key(call))])
            if (value is not null) request[name] = value;
        return BatchCommands.ShowAsync(call, call.Api.PostAsync($"v1/batches/{Uri.EscapeDataString(call.Get(Id))}/retry", request, cancellationToken));
    }

    private static string? Key(Call call) => call.Get(KeyVariable) is not { } name ? null
        : call.Around.Variable(name) is { Length: > 0 } key ? key : throw CliException.Usage($"the variable {name} of --model-key-env is not set");
}
