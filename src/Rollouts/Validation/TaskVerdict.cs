using System.Globalization;

namespace SandQueue.Rollouts.Validation;

/// <summary>What the plays of a task say together.</summary>
internal static class TaskVerdict
{
    /// <param name="task">The task.</param>
    /// <param name="gold">Its solution played.</param>
    /// <param name="again">The same again; null where it could not be played the first time.</param>
    /// <param name="nothing">No step played.</param>
    /// <param name="noise">Random actions played.</param>
    public static TaskValidation Of(string task, TrialResult gold, TrialResult? again, TrialResult nothing, TrialResult noise)
    {
        var problems = new List<(string Check, string Detail)>();
        if (gold.Problem is { } unsolved) problems.Add((gold.IsInfrastructure ? ValidationChecks.Played : ValidationChecks.Gold, $"gold: {unsolved}"));
        else if (gold.Score < gold.Maximum) problems.Add((ValidationChecks.Gold, $"gold reaches {Text(gold.Score)} of {Text(gold.Maximum)}"));

        if (again?.Problem is { } failed) problems.Add((ValidationChecks.Played, $"gold played again: {failed}"));
        else if (again is not null && Difference(gold, again) is { } difference) problems.Add((ValidationChecks.Repeat, difference));

        if (nothing.Problem is { } untold) problems.Add((ValidationChecks.Played, $"nothing: {untold}"));
        else if (nothing.Score >= (gold.Score ?? 1)) problems.Add((ValidationChecks.Nothing, $"doing nothing scores {Text(nothing.Score)}, which is not below the solution's {Text(gold.Score ?? 1)}"));
        if (noise.Problem is { } unplayed) problems.Add((ValidationChecks.Played, $"noise: {unplayed}"));
        return new TaskValidation
        {
            TaskId = task,
            Gold = gold.Score,
            Maximum = gold.Maximum,
            Nothing = nothing.Score,
            Noise = noise.Score,
            RepeatEqual = again is null || again.Problem is not null ? null : Difference(gold, again) is null,
            Failed = [.. problems.Select(problem => problem.Check).Distinct()],
            Noted = noise.Score >= (gold.Score ?? 1) ? [ValidationChecks.Noise] : [],
            Detail = problems.Count == 0 ? null : problems[0].Detail,
        };
    }

    private static string? Difference(TrialResult gold, TrialResult again)
    {
        if (gold.Answers.Count != again.Answers.Count) return $"gold played again has {again.Answers.Count} answers, and had {gold.Answers.Count}";
        for (var place = 0; place < gold.Answers.Count; place++)
        {
            if (!gold.Answers[place].AsSpan().SequenceEqual(again.Answers[place])) return $"gold played again differs in answer {place + 1} of {gold.Answers.Count}";
        }

        return null;
    }

    private static string Text(double? score) => score?.ToString("R", CultureInfo.InvariantCulture) ?? "nothing";
}
