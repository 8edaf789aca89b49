using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Rollouts.Requests;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>
/// Plays the first actions of a recorded episode again, byte for byte, proves that they came out as they are recorded, and hands over to another policy, for
/// which the episode begins there: its first step is step 1, and it sees all that was said.
/// </summary>
internal sealed class ForkPolicy(ForkRequest request, EpisodeSource source, EpisodeComparison comparison, IPolicy then) : IPolicy, IReplayingPolicy
{
    private bool _isProven;

    public SourceEpisode Source => source.Found;

    public EpisodeParent? Parent => new(Source.EpisodeId, request.Steps);

    public RecordedCommand? LastEvaluation => null;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await source.FindAsync(cancellationToken);
        var steps = Source.Steps.Count - 1;
        if (request.Steps > steps) throw new RolloutRequestException($"policy.steps is {request.Steps}, and episode {Source.EpisodeId} has {steps} steps; give at most {steps}");
        if (Source.Steps[request.Steps].Terminated) throw new RolloutRequestException($"policy.steps is {request.Steps}, and episode {Source.EpisodeId} ended with that step; give at most {request.Steps - 1}");
    }

    public byte[] ParamsOf(int step) => step <= request.Steps ? Source.Steps[step].Params : [];

    /// <summary>Those behind the step that is forked at are of the other continuation.</summary>
    public IReadOnlyList<RecordedCommand> EvaluationsAfter(int step) => step < request.Steps ? Source.EvaluationsAfter(step) : [];

    public async Task<PolicyTurn> DecideAsync(PolicyEpisode episode, CancellationToken cancellationToken)
    {
        if (episode.Step <= request.Steps) return new PolicyTurn(Source.Steps[episode.Step].Action, []) { IsRepeatable = true };
        if (!_isProven) await ProveAsync(episode.InstanceId, cancellationToken);
        return await then.DecideAsync(episode with { Step = episode.Step - request.Steps }, cancellationToken);
    }

    public void Resume(int step, PolicyTurn turn)
    {
        if (step > request.Steps) then.Resume(step - request.Steps, turn);
    }

    public async Task<JsonObject> CompareAsync(string instanceId, double? reward, CancellationToken cancellationToken)
    {
        var (compared, different, shown) = await CompareBeginningAsync(instanceId, cancellationToken);
        return new JsonObject
        {
            ["source_episode"] = Source.EpisodeId,
            ["source_env_type"] = Source.EnvType,
            ["source_steps"] = Source.Steps.Count - 1,
            ["steps"] = Math.Max(compared - 1, 0),
            ["equal"] = different == 0 && compared == request.Steps + 1,
            ["different"] = different,
            ["differences"] = shown,
            ["source_reward"] = Source.Score,
            ["reward"] = reward,
        };
    }

    private async Task ProveAsync(string instanceId, CancellationToken cancellationToken)
    {
        var (compared, different, shown) = await CompareBeginningAsync(instanceId, cancellationToken);
        if (compared <= request.Steps) throw new ReplayDivergedException($"of the {request.Steps} steps that were to be played again, {Math.Max(compared - 1, 0)} are in the journal");
        if (different > 0)
        {
            var first = OneLine.Of(shown[0]!.ToJsonString(), 800);
            throw new ReplayDivergedException($"{different} of the {request.Steps} steps of episode {Source.EpisodeId} came out other than they are recorded, so that nothing may follow them; the first: {first}");
        }

        _isProven = true;
    }

    private async Task<(int Compared, int Different, JsonArray Shown)> CompareBeginningAsync(string instanceId, CancellationToken cancellationToken)
    {
        var played = await source.PlayedAsync(instanceId, cancellationToken);
        return await comparison.RunAsync([.. Source.Steps.Take(request.Steps + 1)], [.. (played?.Steps ?? []).Take(request.Steps + 1)], cancellationToken);
    }
}
