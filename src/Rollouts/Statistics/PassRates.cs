namespace SandQueue.Rollouts.Statistics;

/// <summary>pass@k and pass^k of tasks with n valid rollouts of which c succeeded, without bias.</summary>
public static class PassRates
{
    /// <summary>1 - C(n-c, k) / C(n, k): the share of the choices of k rollouts with a success among them (Chen et al. 2021).</summary>
    public static double PassAt(int rollouts, int successes, int k) => 1 - ShareOfChoices(rollouts, rollouts - successes, k);

    /// <summary>C(c, k) / C(n, k): the share of the choices of k rollouts that all succeeded (Yao et al. 2024).</summary>
    public static double PassHat(int rollouts, int successes, int k) => ShareOfChoices(rollouts, successes, k);

    /// <summary>For k = 1, 2, 4, … and the most rollouts that a task has; nothing where no task has a valid rollout.</summary>
    /// <param name="tasks">Valid rollouts and successes of each task.</param>
    public static IReadOnlyList<PassRate> Of(IReadOnlyCollection<(int Rollouts, int Successes)> tasks)
    {
        var most = tasks.Select(task => task.Rollouts).DefaultIfEmpty().Max();
        return [.. Sizes(most).Select(k => Of(tasks, k))];
    }

    private static PassRate Of(IReadOnlyCollection<(int Rollouts, int Successes)> tasks, int k)
    {
        var counted = tasks.Where(task => task.Rollouts >= k).ToList();
        return new PassRate(
            k,
            counted.Average(task => PassAt(task.Rollouts, task.Successes, k)),
            counted.Average(task => PassHat(task.Rollouts, task.Successes, k)),
            counted.Count,
            tasks.Count - counted.Count);
    }

    private static IEnumerable<int> Sizes(int most)
    {
        for (long k = 1; k < most; k *= 2) yield return (int)k;
        if (most > 0) yield return most;
    }

    /// <summary>C(marked, k) / C(all, k), factor by factor, as the numbers themselves have no room in any type.</summary>
    private static double ShareOfChoices(int all, int marked, int k)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, all);
        if (marked < k) return 0;

        var share = 1.0;
        for (var i = 0; i < k; i++) share *= (double)(marked - i) / (all - i);
        return share;
    }
}
