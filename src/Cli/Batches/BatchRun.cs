using System.CommandLine;
using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Batches;

/// <summary><c>batch run</c> and <c>batch watch</c>.</summary>
internal static class BatchRun
{
    private static readonly Argument<string> Id = new("batch") { Description = "The batch's id" };
    private static readonly Option<bool> Detach = new("--detach") { Description = "Print the id and do not wait" };
    private static readonly Option<double> LeastValid = new("--min-valid") { Description = "Exit with 1 if a smaller share of rollouts has a valid reward", HelpName = "SHARE", DefaultValueFactory = _ => 1 };

    public static IEnumerable<Command> All(Surroundings around)
    {
        var options = new BatchOptions();
        return
        [
            Verb.Of(around, "run", "Play many episodes, and wait until all have ended", (call, end) => RunAsync(call, options, end), [.. options.All, Detach, LeastValid]),
            Verb.Of(around, "watch", "Attach to a batch and wait until all its rollouts have ended", (call, end) => BatchWatch.UntilClosedAsync(call, call.Get(Id), Share(call), end), Id, LeastValid),
        ];
    }

    private static async Task<int> RunAsync(Call call, BatchOptions options, CancellationToken cancellationToken)
    {
        var share = Share(call);
        using var body = options.Read(call);
        var batch = new BatchState(await call.Api.SendAsync(HttpMethod.Post, "v1/batches", body, cancellationToken));
        if (!call.Get(Detach))
        {
            call.Screen.Note($"Batch {batch.Id}: {Figures.Count(batch.Items)} rollouts.");
            return await BatchWatch.UntilClosedAsync(call, batch.Id, share, cancellationToken);
        }

        if (call.IsJson) call.Screen.Json(new JsonObject { ["batch"] = batch.Id, ["items"] = batch.Items, ["state"] = batch.State });
        else call.Screen.Line(batch.Id);
        call.Screen.Note($"'sandqueue batch watch {batch.Id}' attaches");
        return ExitCode.Fine;
    }

    private static double Share(Call call) => call.Get(LeastValid) is >= 0 and <= 1 and var share ? share : throw CliException.Usage("--min-valid must be from 0 to 1");
}
