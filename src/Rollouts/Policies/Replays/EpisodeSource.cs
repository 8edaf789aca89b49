using SandQueue.Contracts;
using SandQueue.Rollouts.Requests;

namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>The episode that a policy plays again, looked up once.</summary>
/// <param name="episodes">Where it is.</param>
/// <param name="subject">The rollout that plays it again.</param>
/// <param name="episodeId">Its number; null where it is named by its instance.</param>
/// <param name="instanceId">The name of its instance.</param>
internal sealed class EpisodeSource(IRecordedEpisodes episodes, PolicySubject subject, long? episodeId, string? instanceId)
{
    private SourceEpisode? _found;

    public SourceEpisode Found => _found ?? throw new InvalidOperationException("the episode was not looked up");

    /// <exception cref="RolloutRequestException">There is none, or it is of another task.</exception>
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        var named = episodeId is { } number ? $"episode {number}" : $"an episode of instance '{OneLine.Of(instanceId ?? "", 200)}'";
        var found = await episodes.FindAsync(subject.Tenant, episodeId, instanceId, cancellationToken);
        if (found is null || found.Steps.Count == 0) throw new RolloutRequestException($"the journal has no {named.Replace("an ", "", StringComparison.Ordinal)}; it is unknown, or older than what is kept (Worker:KeepEpisodes)");
        if (found.TaskId != subject.TaskId)
        {
            throw new RolloutRequestException($"episode {found.EpisodeId} is of task '{OneLine.Of(found.TaskId, 200)}' and cannot be played again on task '{OneLine.Of(subject.TaskId, 200)}'");
        }

        _found = found;
    }

    /// <summary>The episode of an instance on which it was played again.</summary>
    public Task<SourceEpisode?> PlayedAsync(string playedInstanceId, CancellationToken cancellationToken) => episodes.FindAsync(subject.Tenant, null, playedInstanceId, cancellationToken);
}
