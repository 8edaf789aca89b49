namespace SandQueue.Rollouts.Policies;

/// <summary>What a policy decided in one turn.</summary>
/// <param name="Action">The assistant's message, the exact bytes of a JSON object; null where the policy plays no further and the episode is evaluated as it stands.</param>
/// <param name="Answer">What the policy's endpoint answered besides, byte for byte: token ids, log-probabilities, usage; empty where there is nothing.</param>
/// <param name="StopReason">Why it plays no further, in one word (<c>actions_over</c>, <c>max_tokens</c>); null where it does.</param>
public sealed record PolicyTurn(byte[]? Action, byte[] Answer, string? StopReason = null)
{
    /// <summary>
    /// Whether the policy, begun anew, would decide the same: then a worker that goes on with the rollout decides it again, and nothing is stored. All other turns
    /// are recorded before their actions are sent.
    /// </summary>
    public bool IsRepeatable { get; init; }
}
