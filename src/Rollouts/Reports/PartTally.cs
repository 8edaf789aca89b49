using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports;

/// <summary>What is counted of the rollouts of one category or split.</summary>
internal sealed class PartTally
{
    private readonly ClusteredMean _rewards = new();
    private int _rollouts;
    private int _valid;

    public void Add(ReportedRollout rollout)
    {
        _rollouts++;
        if (rollout is not { IsValid: true, Reward: { } reward }) return;

        _valid++;
        _rewards.Add(rollout.TaskId, reward);
    }

    /// <param name="name">Its name.</param>
    /// <param name="tasks">Its tasks.</param>
    public Part ToPart(string name, IReadOnlyCollection<GroupTally> tasks)
    {
        var counted = tasks.Where(task => task.Valid > 0).ToList();
        return new Part(
            OneLineText.Of(name), _rollouts, _valid, tasks.Count, _rewards.Estimate(), counted.Count == 0 ? null : counted.Average(task => (double)task.Successes / task.Valid));
    }
}
