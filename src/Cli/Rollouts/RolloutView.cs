using System.Text.Json.Nodes;
using SandQueue.Cli.Calls;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Wording;

namespace SandQueue.Cli.Rollouts;

/// <summary>Plays a rollout, waits for its end and shows it.</summary>
internal static class RolloutView
{
    private const int WaitSeconds = 50;

    /// <summary>Asks for a rollout and waits for its end, however long that takes.</summary>
    public static async Task<JsonObject> PlayAsync(Call call, JsonObject request, CancellationToken cancellationToken)
    {
        // Under a name of ours: asked for twice, it is played once.
        var id = request.Text("rollout_id") ?? $"cli-{Guid.NewGuid():n}";
        request["rollout_id"] = id;
        try
        {
            var rollout = await call.Api.PostAsync($"v1/rollouts?wait={WaitSeconds}", request, cancellationToken);
            while (rollout.Text("end") is null) rollout = await call.Api.GetAsync($"v1/rollouts/{Uri.EscapeDataString(id)}?wait={WaitSeconds}", cancellationToken);
            return rollout;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            call.Screen.Note($"rollout {id} goes on; 'sandqueue rollout --attach {id}' shows its end");
            throw;
        }
    }

    /// <returns>The exit code: whether it has a valid reward.</returns>
    public static int Show(Call call, JsonObject rollout)
    {
        if (call.IsJson) call.Screen.Json(rollout);
        else
        {
            var (reward, cause) = (rollout.Real("reward"), rollout.Text("cause"));
            call.Screen.Line($"{rollout.Text("rollout_id")}: {rollout.Text("end")}{(cause is null ? "" : $" because of {cause}")}, reward {(reward is { } number ? Figures.Plain(number) : "none")}"
                + $"{(rollout.Text("end_reason") is { } reason ? $", ended by {reason}" : "")}{(rollout.List("step_rewards") is { } steps ? $", {steps.Count} steps" : "")}");
            if (rollout.Text("detail") is { Length: > 0 } detail) call.Screen.Line(detail);
            if (rollout.Text("instance_id") is { } instance) call.Screen.Note($"'sandqueue episodes show {instance}' shows what was said");
        }

        return rollout.Flag("valid") ? ExitCode.Fine : ExitCode.Failed;
    }
}
