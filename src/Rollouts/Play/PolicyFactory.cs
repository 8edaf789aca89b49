using SandQueue.Rollouts.Endpoints;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Policies.Replays;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Rollouts.Play;

/// <summary>Makes policies of what was asked for.</summary>
/// <param name="endpoint">Calls endpoints of models.</param>
/// <param name="solutions">Knows the ways to goals; null where environments cannot be asked.</param>
/// <param name="episodes">Has the episodes that can be played again; null where there are none.</param>
public sealed class PolicyFactory(ChatEndpoint endpoint, ISolutionSource? solutions = null, IRecordedEpisodes? episodes = null) : IPolicyFactory
{
    /// <inheritdoc/>
    public IPolicy Make(PolicyRequest request, PolicySubject subject)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(subject);
        return request switch
        {
            RecordedRequest recorded => new RecordedPolicy(recorded.Of(subject.TaskId)),
            NothingRequest => new NothingPolicy(),
            RandomRequest random => new RandomPolicy(random.Seed, subject),
            GoldRequest when solutions is not null => new GoldPolicy(solutions, subject.Tenant),
            ModelRequest model => new ModelPolicy(model, endpoint, subject.ApiKey ?? model.ApiKey),
            ReplayRequest replay when episodes is not null => new ReplayPolicy(replay, new EpisodeSource(episodes, subject, replay.EpisodeId, replay.InstanceId), new EpisodeComparison(episodes)),
            ForkRequest fork when episodes is not null => new ForkPolicy(fork, new EpisodeSource(episodes, subject, fork.EpisodeId, fork.InstanceId), new EpisodeComparison(episodes), Make(fork.Then, subject)),
            _ => throw new RolloutRequestException($"policy.type '{request.Type}' cannot be played here"),
        };
    }
}
