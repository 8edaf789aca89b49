using System.Globalization;
using System.Text.RegularExpressions;

namespace SandQueue.FaultRuns.Models;

/// <summary>The puzzle in the first message, and answers calculated from it.</summary>
internal sealed partial class CountdownModel : EnvironmentModel
{
    private const int MaxUnreadable = 5;

    private readonly int[] _numbers;
    private readonly int _target;
    private int _unreadable;

    public CountdownModel(string prompt)
    {
        var read = Puzzle().Match(prompt);
        _numbers = [.. read.Groups["numbers"].Value.Split(", ").Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        _target = int.Parse(read.Groups["target"].Value, CultureInfo.InvariantCulture);
    }

    public override string Choose(Random random)
    {
        if (random.Next(3) > 0) return "Let me think about it.";

        // A few draws find a solution now and then, so that rewards of 1 are seen too.
        var expression = Draw(random);
        for (var attempt = 0; attempt < 300 && Fraction.Calculate(expression) != Fraction.Whole(_target); attempt++) expression = Draw(random);
        return $"So it is <answer>{expression}</answer>";
    }

    protected override double Take(string content, string observation, out Mismatch? problem)
    {
        if (Answer().Match(content) is not { Success: true } answer)
        {
            if (++_unreadable == MaxUnreadable) EndReason = "max_unreadable";
            problem = observation.Contains("<answer>", StringComparison.Ordinal) ? null : new Mismatch(MismatchKind.Observation, $"\"{observation}\" to a message without an answer");
            return 0;
        }

        var solved = Fraction.Calculate(answer.Groups[1].Value) == Fraction.Whole(_target);
        EndReason = solved ? "solved" : "wrong";
        problem = observation.StartsWith(solved ? "Right: " : "Wrong: ", StringComparison.Ordinal) ? null : new Mismatch(MismatchKind.Observation, $"\"{observation}\" to {content}");
        return solved ? 1 : 0;
    }

    protected override (double Score, (string Name, string Value)[] Details) Score() =>
        (EndReason == "solved" ? 1 : 0, [("unreadable", _unreadable.ToString(CultureInfo.InvariantCulture)), ("end_reason", EndReason ?? "")]);

    /// <summary>All numbers once, in any order, in parentheses throughout.</summary>
    private string Draw(Random random)
    {
        var parts = _numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)).ToList();
        while (parts.Count > 1)
        {
            var left = Pick();
            parts.Add($"({left} {"+-*/"[random.Next(4)]} {Pick()})");
        }

        return parts[0];

        string Pick()
        {
            var index = random.Next(parts.Count);
            var part = parts[index];
            parts.RemoveAt(index);
            return part;
        }
    }

    [GeneratedRegex(@"\ANumbers: (?<numbers>[0-9, ]+)\nTarget: (?<target>[0-9]+)\z")]
    private static partial Regex Puzzle();

    [GeneratedRegex("<answer>(.*)</answer>")]
    private static partial Regex Answer();
}
