namespace SandQueue.Rollouts.Requests;

/// <summary>Plays actions that the request gives.</summary>
/// <param name="Actions">The actions, each the bytes of an assistant's message; null where they are given by task, or by each item of a batch.</param>
/// <param name="ActionsByTask">The actions of each task; null where there is one list, or none.</param>
public sealed record RecordedRequest(IReadOnlyList<byte[]>? Actions, IReadOnlyDictionary<string, IReadOnlyList<byte[]>>? ActionsByTask) : PolicyRequest(PolicyTypes.Recorded)
{
    /// <summary>The actions of a task.</summary>
    /// <exception cref="RolloutRequestException">The request has none for it.</exception>
    public IReadOnlyList<byte[]> Of(string taskId)
    {
        if (Actions is not null) return Actions;
        if (ActionsByTask is null) throw new RolloutRequestException("policy.actions is required: a list of assistant messages");
        return ActionsByTask.TryGetValue(taskId, out var actions)
            ? actions
            : throw new RolloutRequestException($"policy.actions has none for task '{Contracts.OneLine.Of(taskId, 100)}'; add a member of that name with a list of assistant messages");
    }
}
