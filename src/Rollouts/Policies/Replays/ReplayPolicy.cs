using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Rollouts.Requests;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>Plays the actions of a recorded episode again, byte for byte, and compares what comes of them.</summary>
internal sealed class ReplayPolicy(ReplayRequest request, EpisodeSource source, EpisodeComparison comparison) : IPolicy, IReplayingPolicy
{
    public SourceEpisode Source => source.Found;

    public EpisodeParent? Parent => null;

    public RecordedCommand? LastEvaluation => Source.LastEvaluation;

    public Task PrepareAsync(CancellationToken cancellationToken) => source.FindAsync(cancellationToken);

    public byte[] ParamsOf(int step) => step < Source.Steps.Count ? Source.Steps[step].Params : [];

    public IReadOnlyList<RecordedCommand> EvaluationsAfter(int step) => Source.EvaluationsAfter(step);

    public Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken) => Task.FromResult(
        (episode.Step < Source.Steps.Count ? new PolicyTurn(Source.Steps[episode.Step].Action, []) : new PolicyTurn(null, [], StopReasons.ActionsOver)) with { IsRepeatable = true });

    public void Resume(int step, PolicyTurn turn)
    {
        // The number of the step says which action is next.
    }

    public async Task<JsonObject> CompareAsync(string instanceId, double? reward, CancellationToken cancellationToken)
    {
        var found = new JsonObject { ["source_episode"] = Source.EpisodeId, ["source_env_type"] = Source.EnvType, ["source_steps"] = Source.Steps.Count - 1 };
        if (request.IsCompared)
        {
            var played = await source.PlayedAsync(instanceId, cancellationToken);
            var (compared, different, shown) = await comparison.RunAsync(Source.Steps, played?.Steps ?? [], cancellationToken);
            found["steps"] = Math.Max(compared - 1, 0);
            found["equal"] = different == 0 && compared == Source.Steps.Count;
            found["different"] = different;
            found["differences"] = shown;
        }

        found["source_reward"] = Source.Score;
        found["reward"] = reward;
        return found;
    }
}
