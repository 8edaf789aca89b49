namespace SandQueue.Rollouts.Policies;

/// <summary>What a policy is made for: one rollout.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="EnvType">The environment.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Member">Its number among the repeats of its task, from 0.</param>
/// <param name="ApiKey">The key of the policy's endpoint; null where it has none. Never logged, never recorded.</param>
public sealed record PolicySubject(string Tenant, string EnvType, string TaskId, int Member, string? ApiKey)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => $"{EnvType} {TaskId} #{Member} of {Tenant}";
}
