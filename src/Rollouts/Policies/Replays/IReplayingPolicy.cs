using System.Text.Json.Nodes;
using SandQueue.Contracts;
using SandQueue.Storage.Journal;

namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>A policy that plays a recorded episode again, in whole or from its beginning.</summary>
internal interface IReplayingPolicy
{
    /// <summary>The episode; known once it was prepared.</summary>
    SourceEpisode Source { get; }

    /// <summary>The episode that the rollout's own is a fork of; null where it is none.</summary>
    EpisodeParent? Parent { get; }

    /// <summary>The evaluation that ends the episode and is repeated with what it was given; null where there is none.</summary>
    RecordedCommand? LastEvaluation { get; }

    /// <summary>Reads the episode, before anything is made.</summary>
    /// <exception cref="Requests.RolloutRequestException">There is none that could be played with this rollout.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>The <c>params</c> that a step had; empty where it had none, or is not of the episode.</summary>
    byte[] ParamsOf(int step);

    /// <summary>The evaluations that came after a step and before the next, in order, without <see cref="LastEvaluation"/>: an evaluation may change the state.</summary>
    IReadOnlyList<RecordedCommand> EvaluationsAfter(int step);

    /// <summary>What the comparison of both episodes found: <c>RolloutResult.Replay</c>.</summary>
    /// <param name="instanceId">The instance on which it was played again.</param>
    /// <param name="reward">Its score; null where it has none.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task<JsonObject> CompareAsync(string instanceId, double? reward, CancellationToken cancellationToken);
}
