using SandQueue.Rollouts.Requests;

namespace SandQueue.Rollouts.Policies;

/// <summary>Makes the policy of a rollout.</summary>
public interface IPolicyFactory
{
    /// <param name="request">The policy as it was asked for.</param>
    /// <param name="subject">The rollout it decides for.</param>
    /// <exception cref="RolloutRequestException">It cannot be played with this rollout: it has no actions for the task.</exception>
    IPolicy Make(PolicyRequest request, PolicySubject subject);
}
