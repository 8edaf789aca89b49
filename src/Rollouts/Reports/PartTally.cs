using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports;

/// <summary>
/// What is told of the tasks of one category or split. Made of tasks and not of rollouts: a rollout that failed before its environment said
/// anything belongs where its task does.
/// </summary>
internal static class PartTally
{
    /// <param name="tasks">All tasks.</param>
    /// <param name="nameOf">The name of a task's part; null where it has none.</param>
    public static IReadOnlyList<Part> Of(IEnumerable<GroupTally> tasks, Func<GroupTally, string?> nameOf) =>
    [
        .. from task in tasks
           let name = nameOf(task)
           where name is not null
           group task by name into part
           orderby part.Key
           select Of(part.Key, [.. part]),
    ];

    private static Part Of(string name, IReadOnlyList<GroupTally> tasks)
    {
        var rewards = new ClusteredMean();
        var counted = tasks.Where(task => task.Valid > 0).ToList();
        foreach (var task in counted) rewards.Add(task.TaskId, task.Valid, task.Total);
        return new Part(
            OneLineText.Of(name),
            tasks.Sum(task => task.Members),
            counted.Sum(task => task.Valid),
            tasks.Count,
            rewards.Estimate(),
            counted.Count == 0 ? null : counted.Average(task => (double)task.Successes / task.Valid));
    }
}
