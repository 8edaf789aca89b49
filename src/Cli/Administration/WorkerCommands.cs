using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Administration;

/// <summary><c>workers</c> and <c>drain</c>.</summary>
internal static class WorkerCommands
{
    private static readonly Argument<string> Name = new("worker") { Description = "The worker's name, as 'sandqueue workers' lists it" };

    public static IEnumerable<Command> All(Surroundings around) =>
    [
        Verb.Of(around, "workers", "List the living workers and their room", ListAsync),
        Verb.Of(around, "drain", "Ask a worker of a farm to hand its instances over and to end", DrainAsync, Name),
    ];

    private static async Task<int> ListAsync(Call call, CancellationToken cancellationToken)
    {
        var workers = (await call.Api.GetAsync("v1/workers", cancellationToken)).List("workers") ?? [];
        if (call.IsJson)
        {
            foreach (var worker in workers) call.Screen.Json(worker);
            return ExitCode.Fine;
        }

        call.Screen.Table(["worker", "host", "version", "state", "#free", "environments (live/free)"], workers.Select(IReadOnlyList<string> (worker) =>
        [
            worker.Text("name") ?? "", worker.Text("host") ?? "", worker.Text("version") ?? "", worker.Flag("draining") ? "draining" : "working", worker.Text("free_slots") ?? "",
            string.Join(", ", (worker.List("capacity") ?? []).Select(capacity => $"{capacity.Text("env_type")} {capacity.Text("live_instances")}/{capacity.Text("free_slots")}")),
        ]));
        return ExitCode.Fine;
    }

    private static async Task<int> DrainAsync(Call call, CancellationToken cancellationToken)
    {
        var name = call.Get(Name);
        try
        {
            await call.Api.PostAsync($"admin/workers/{Uri.EscapeDataString(name)}/drain", body: null, cancellationToken);
        }
        catch (CliException exception) when (exception.IsUnknownRoute)
        {
            throw new CliException(ExitCode.Refused, $"{call.Api.Gateway} is an embedded gateway: its one worker ends with it, and only those of a farm are drained", exception);
        }

        if (call.IsJson) call.Screen.Json(new JsonObject { ["worker"] = name, ["draining"] = true });
        else call.Screen.Line($"{name} drains; 'sandqueue workers' no longer lists it when it has ended");
        return ExitCode.Fine;
    }
}
