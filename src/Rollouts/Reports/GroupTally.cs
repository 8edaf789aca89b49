namespace SandQueue.Rollouts.Reports;

/// <summary>What is counted of the rollouts of one task.</summary>
internal sealed class GroupTally(string taskId)
{
    private double? _first;
    private bool _differs;

    public string TaskId { get; } = taskId;

    public int Members { get; private set; }

    public int Valid { get; private set; }

    public int Trainable { get; private set; }

    public int Successes { get; private set; }

    public string? Category { get; private set; }

    public string? Split { get; private set; }

    /// <summary>Whether two trainable rewards or more are all the same.</summary>
    public bool HasOneReward => Trainable > 1 && !_differs;

    public double Total { get; private set; }

    public double? Mean => Valid == 0 ? null : Total / Valid;

    public void Add(ReportedRollout rollout, double threshold)
    {
        Members++;
        Category ??= rollout.Category;
        Split ??= rollout.Split;
        if (rollout is not { IsValid: true, Reward: { } reward }) return;

        Valid++;
        Total += reward;
        if (reward >= threshold) Successes++;
        if (!rollout.IsTrainable) return;

        Trainable++;
        _first ??= reward;
        _differs |= !_first.Value.Equals(reward);
    }

    public Group ToGroup() => new(TaskId, Members, Trainable, Successes, Mean);
}
