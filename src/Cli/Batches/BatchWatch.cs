using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;
using Spectre.Console;

namespace SandQueue.Cli.Batches;

/// <summary>Watches a batch until it closes. A gateway that goes away meanwhile is asked again for some minutes: the batch does not depend on it.</summary>
internal static class BatchWatch
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <returns>The exit code.</returns>
    public static async Task<int> UntilClosedAsync(Call call, string id, double leastValid, CancellationToken cancellationToken)
    {
        try
        {
            var last = call.Screen.IsTerminal && !call.IsJson ? await LiveAsync(call, id, cancellationToken) : await LinesAsync(call, id, cancellationToken);
            return await EndAsync(call, last, leastValid, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            call.Screen.Note($"Detached. The batch goes on; 'sandqueue batch watch {id}' attaches again, 'sandqueue batch cancel {id}' ends it.");
            return ExitCode.Interrupted;
        }
    }

    private static Task<BatchState> LiveAsync(Call call, string id, CancellationToken cancellationToken)
    {
        var pace = new BatchPace(call.Time);
        return call.Screen.Console.Live(new Text("…")).StartAsync(live => EachAsync(
            call,
            id,
            state =>
            {
                pace.See(state.Ended);
                live.UpdateTarget(ProgressView.Of(state, pace, call.Screen.Console.Profile.Width, call.Time.GetUtcNow()));
            },
            cancellationToken));
    }

    private static Task<BatchState> LinesAsync(Call call, string id, CancellationToken cancellationToken)
    {
        var pace = new BatchPace(call.Time);
        var (told, at) = ("", 0L);
        return EachAsync(
            call,
            id,
            state =>
            {
                pace.See(state.Ended);
                var now = call.Time.GetTimestamp();
                var what = $"{state.State} {state.Ended}";
                if (what == told || (at != 0 && !state.IsClosed && !state.IsPaused && call.Time.GetElapsedTime(at, now) < LineEvery)) return;

                (told, at) = (what, now);
                // What a program reads is one line at the end.
                if (call.IsJson) call.Screen.Note(ProgressView.Line(state, pace));
                else call.Screen.Line(ProgressView.Line(state, pace));
            },
            cancellationToken);
    }

    private static async Task<BatchState> EachAsync(Call call, string id, Action<BatchState> show, CancellationToken cancellationToken)
    {
        long? away = null;
        while (true)
        {
            try
            {
                var state = new BatchState(await call.Api.GetAsync($"v1/batches/{Uri.EscapeDataString(id)}?wait=1", cancellationToken));
                away = null;
                show(state);
                if (state.IsClosed || (state.IsPaused && state.Running == 0)) return state;
            }
            catch (CliException exception) when (exception.Code == ExitCode.Unreachable && call.Time.GetElapsedTime(away ??= call.Time.GetTimestamp()) < Patience)
            {
                call.Screen.Note($"{exception.Message}; asking again");
            }

            await Task.Delay(Pause, call.Time, cancellationToken);
        }
    }

    private static async Task<int> EndAsync(Call call, BatchState batch, double leastValid, CancellationToken cancellationToken)
    {
        var reward = (JsonObject)(batch.Json.Object("reward")?.DeepClone() ?? new JsonObject { ["mean"] = null });
        reward["ci95"] = await IntervalAsync(call, batch.Id, cancellationToken);
        if (call.IsJson)
        {
            call.Screen.Json(new JsonObject
            {
                ["batch"] = batch.Id,
                ["items"] = batch.Items,
                ["state"] = batch.State,
                ["ends"] = batch.Json.Object("ends")?.DeepClone(),
                ["reward"] = reward,
                ["causes"] = batch.Json.Object("causes")?.DeepClone() ?? new JsonObject(),
                ["pause_reason"] = batch.PauseReason,
            });
        }
        else
        {
            var interval = reward.List("ci95") is [var low, var high] ? $" (95 % interval {Figures.Reward((double)low!)} to {Figures.Reward((double)high!)})" : "";
            call.Screen.Line($"{batch.Id} is {batch.State}: {Figures.Count(batch.Valid)} of {Figures.Count(batch.Items)} rollouts have a valid reward, mean {Figures.Reward(batch.Mean)}{interval}{(batch.EndsText.Length > 0 ? $"; {batch.EndsText}" : "")}");
            if (batch.CausesText is { Length: > 0 } causes) call.Screen.Line($"no reward because of: {causes}; 'sandqueue batch retry {batch.Id}' plays the failed ones again");
            call.Screen.Note($"'sandqueue batch report {batch.Id} --format html -o report.html' writes its report");
        }

        if (!batch.IsClosed)
        {
            call.Screen.Note(ProgressView.Paused(batch));
            return ExitCode.Paused;
        }

        return batch.Valid >= leastValid * batch.Items ? ExitCode.Fine : ExitCode.Failed;
    }

    /// <summary>The interval of the mean, which the report has; null where there is none.</summary>
    private static async Task<JsonNode?> IntervalAsync(Call call, string id, CancellationToken cancellationToken)
    {
        try
        {
            return (await call.Api.GetAsync($"v1/batches/{Uri.EscapeDataString(id)}/report?format=json", cancellationToken)).Object("reward").List("ci95")?.DeepClone();
        }
        catch (CliException exception)
        {
            call.Screen.Note($"the report cannot be had: {exception.Message}");
            return null;
        }
    }
}
