using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Countdown;

/// <summary>
/// Draws the numbers of a task and calculates its target from them, two at a time, so that there is a solution: one
/// without fractions or negative numbers on the way.
/// </summary>
internal static class PuzzleGenerator
{
    /// <summary>Half of the numbers are small ones: with large ones alone three puzzles of four need no product, with these one of two does.</summary>
    private const int LargestSmallNumber = 12;
    private const int LargestNumber = 99;
    private const int SmallestTarget = 10;
    private const int LargestTarget = 999;

    /// <param name="task">Which puzzle.</param>
    /// <param name="seed">The episode's own seed decides in what order the numbers are shown; without one it is the order they were drawn in.</param>
    public static Puzzle Draw(CountdownTask task, long? seed)
    {
        var puzzle = Draw(task);
        if (seed is null) return puzzle;

        var shown = puzzle.Numbers.ToArray();
        new SeededRandom(string.Create(CultureInfo.InvariantCulture, $"countdown/order/{task}/{seed}")).Shuffle(shown.AsSpan());
        return puzzle with { Numbers = shown };
    }

    /// <summary>The expression by which the target of a task was reached when it was drawn. With twenty numbers a search would take years.</summary>
    public static string Solve(CountdownTask task)
    {
        var way = new List<(int Larger, int Smaller, int Result)>();
        var puzzle = Draw(task, way);
        List<(int Value, string Text)> terms = [.. puzzle.Numbers.Select(number => (number, number.ToString(CultureInfo.InvariantCulture)))];
        // The way of the last try is the puzzle's own; those before it were thrown away.
        foreach (var (larger, smaller, result) in way[^(puzzle.Numbers.Count - 1)..])
        {
            var (left, right) = (Take(terms, larger), Take(terms, smaller));
            terms.Add((result, $"({left} {Operator(larger, smaller, result)} {right})"));
        }

        return terms[0].Text[1..^1];
    }

    private static string Take(List<(int Value, string Text)> terms, int value)
    {
        var place = terms.FindIndex(term => term.Value == value);
        var text = terms[place].Text;
        terms.RemoveAt(place);
        return text;
    }

    private static char Operator(int larger, int smaller, int result) =>
        result == larger + smaller ? '+'
        : result == larger - smaller ? '-'
        : result == larger * smaller ? '*'
        : '/';

    private static Puzzle Draw(CountdownTask task, List<(int Larger, int Smaller, int Result)>? way = null)
    {
        var random = new SeededRandom($"countdown/puzzle/{task}");
        while (true)
        {
            var numbers = Enumerable.Range(0, task.Count).Select(_ => 1 + random.Below(random.Below(2) == 0 ? LargestSmallNumber : LargestNumber)).ToArray();
            var puzzle = new Puzzle(numbers, Reached(numbers, random, way));
            if (puzzle.Target is >= SmallestTarget and <= LargestTarget
                && !numbers.Contains(puzzle.Target)
                && SampledSplits.OfProblem(Written(puzzle)) == SampledSplits.OfSeed(task.Seed))
            {
                return puzzle;
            }
        }
    }

    private static int Reached(IEnumerable<int> numbers, SeededRandom random, List<(int Larger, int Smaller, int Result)>? way)
    {
        var left = numbers.ToList();
        while (left.Count > 1)
        {
            var larger = TakeAny(left, random);
            var smaller = TakeAny(left, random);
            if (larger < smaller) (larger, smaller) = (smaller, larger);
            left.Add(Combined(larger, smaller, random));
            way?.Add((larger, smaller, left[^1]));
        }

        return left[0];
    }

    private static int Combined(int larger, int smaller, SeededRandom random)
    {
        List<int> results = [larger + smaller];
        if (larger > smaller) results.Add(larger - smaller);
        if (smaller > 1 && (long)larger * smaller <= LargestTarget) results.Add(larger * smaller);
        if (smaller > 1 && larger % smaller == 0) results.Add(larger / smaller);
        return results[random.Below(results.Count)];
    }

    private static int TakeAny(List<int> left, SeededRandom random)
    {
        var index = random.Below(left.Count);
        var number = left[index];
        left.RemoveAt(index);
        return number;
    }

    private static string Written(Puzzle puzzle) =>
        string.Create(CultureInfo.InvariantCulture, $"countdown/{string.Join(' ', puzzle.Numbers.Order())}={puzzle.Target}");
}
