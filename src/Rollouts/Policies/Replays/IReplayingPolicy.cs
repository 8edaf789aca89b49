using System.Text.Json.Nodes;

namespace SandQueue.Rollouts.Policies.Replays;

/// <summary>A policy that plays a recorded episode again, in whole or from its beginning.</summary>
internal interface IReplayingPolicy
{
    /// <summary>The episode; known once it was prepared.</summary>
    SourceEpisode Source { get; }

    /// <summary>Reads the episode, before anything is made.</summary>
    /// <exception cref="Requests.RolloutRequestException">There is none that could be played with this rollout.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>The <c>params</c> that a step had; empty where it had none, or is not of the episode.</summary>
    byte[] ParamsOf(int step);

    /// <summary>What the comparison of both episodes found: <c>RolloutResult.Replay</c>.</summary>
    /// <param name="instanceId">The instance on which it was played again.</param>
    /// <param name="reward">Its score; null where it has none.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    Task<JsonObject> CompareAsync(string instanceId, double? reward, CancellationToken cancellationToken);
}
