using SandQueue.Rollouts.Requests;

namespace SandQueue.Rollouts.Policies;

/// <summary>Makes policies of what was asked for.</summary>
public sealed class PolicyFactory : IPolicyFactory
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
            _ => throw new RolloutRequestException($"policy.type '{request.Type}' cannot be played here"),
        };
    }
}
