using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;
using SandQueue.Client;

namespace SandQueue.Cli.Episodes;

/// <summary><c>play</c>: an episode by hand. Each line that is read is an action; the same works for a file that is piped in.</summary>
internal static class PlayCommand
{
    private static readonly Argument<string> Env = new("env") { Description = "The environment" };
    private static readonly Argument<string?> Task = new("task") { Description = "The task; the first of its list without", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Params = new("--params") { Description = "Parameters of the create", HelpName = "JSON" };

    public static Command Play(Surroundings around) => Verb.Of(around, "play", "Play an episode by hand: each line you type is the agent's message", RunAsync, Env, Task, Params);

    private static async Task<int> RunAsync(Call call, CancellationToken cancellationToken)
    {
        try
        {
            await using var client = SandQueueClient.OverHttp(call.Api.Gateway.Url, call.Api.Gateway.Key);
            return await PlayAsync(call, client, cancellationToken);
        }
        catch (SandQueueException exception)
        {
            throw new CliException(CodeOf(exception), exception.Message, exception);
        }
    }

    private static async Task<int> PlayAsync(Call call, SandQueueHttpClient client, CancellationToken cancellationToken)
    {
        var options = call.Get(Params) is { } text ? new CreateOptions { Params = JsonInput.Object(text, "--params") } : null;
        var task = call.Get(Task) ?? await FirstAsync(client, call.Get(Env), cancellationToken);
        await using var instance = await client.CreateAsync(call.Get(Env), task, options, cancellationToken);
        if (!call.IsJson) call.Screen.Note($"Task {task}, instance {instance.InstanceId}. A line is a message; a JSON object is a whole message; /info, /score and /quit are for us.");
        foreach (var message in instance.Messages) Show(call, message.Role, message.Content);

        for (var over = false; !over;)
        {
            if (call.Around.IsInputTerminal && !call.IsJson) call.Screen.Console.Write(new Spectre.Console.Text("> "));
            var line = await call.Around.Input.ReadLineAsync(cancellationToken);
            if (line is null or "/quit") break;
            if (line.Length == 0) continue;

            over = await TurnAsync(call, instance, line, cancellationToken);
        }

        var score = await instance.EvaluateAsync(cancellationToken: cancellationToken);
        if (call.IsJson) call.Screen.Json(new JsonObject { ["instance_id"] = instance.InstanceId, ["score"] = score.Score, ["end_reason"] = score.EndReason });
        else call.Screen.Line($"Score {(score.Score is { } number ? Figures.Plain(number) : "none")}{(score.EndReason is { } end ? $", ended by {end}" : "")}.");
        return ExitCode.Fine;
    }

    /// <returns>Whether the episode is over.</returns>
    private static async Task<bool> TurnAsync(Call call, EnvironmentInstance instance, string line, CancellationToken cancellationToken)
    {
        switch (line)
        {
            case "/info":
                var info = await instance.GetInfoAsync(cancellationToken);
                call.Screen.Text(info.ValueKind == JsonValueKind.String ? info.GetString()! : info.GetRawText());
                return false;
            case "/score":
                call.Screen.Line($"Score so far: {((await instance.EvaluateAsync(cancellationToken: cancellationToken)).Score is { } now ? Figures.Plain(now) : "none")}");
                return false;
        }

        EpisodeStep step;
        try
        {
            step = await instance.StepAsync(MessageOf(line), cancellationToken: cancellationToken);
        }
        catch (SandQueueException exception) when (exception.End == CommandEnd.Rejected && call.Around.IsInputTerminal)
        {
            call.Screen.Note($"not taken: {exception.Message}");
            return false;
        }

        foreach (var message in step.State) Show(call, message.Role, message.Content);
        if (call.IsJson) call.Screen.Json(new JsonObject { ["step"] = step.Number, ["reward"] = step.Reward, ["is_terminated"] = step.IsTerminated, ["end_reason"] = step.EndReason });
        else call.Screen.Line($"reward {(step.Reward is { } reward ? Figures.Plain(reward) : "none")}{(step.IsTerminated ? $"; the episode is over ({step.EndReason ?? "no reason given"})" : "")}");
        return step.IsTerminated;
    }

    private static AgentMessage MessageOf(string line)
    {
        try
        {
            if (line.TrimStart().StartsWith('{') && JsonNode.Parse(line) is JsonObject message && message.ContainsKey("role")) return AgentMessage.FromJson(message);
        }
        catch (JsonException)
        {
            // It only looked like one: then it is text.
        }

        return AgentMessage.FromText(line);
    }

    private static async Task<string> FirstAsync(SandQueueHttpClient client, string env, CancellationToken cancellationToken)
    {
        await foreach (var task in client.ListTasksAsync(env, cancellationToken: cancellationToken)) return task;
        throw CliException.Usage($"{env} lists no task; name one");
    }

    private static void Show(Call call, string role, string content)
    {
        if (call.IsJson) call.Screen.Json(new JsonObject { ["role"] = role, ["content"] = content });
        else MessageView.Show(call.Screen, role, content);
    }

    private static int CodeOf(SandQueueException exception) => exception switch
    {
        { Code: ErrorCodes.Unreachable or ErrorCodes.TimedOut } => ExitCode.Unreachable,
        { End: CommandEnd.Rejected } => ExitCode.Refused,
        _ => ExitCode.GatewayFailed,
    };
}
