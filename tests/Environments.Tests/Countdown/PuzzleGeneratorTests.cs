using CsCheck;
using SandQueue.Environments.Countdown;

namespace SandQueue.Environments.Tests.Countdown;

public sealed class PuzzleGeneratorTests
{
    /// <summary>A change here is a new version of the environment: recorded episodes no longer replay.</summary>
    [Theory]
    [InlineData("3-0", "1, 11, 3 = 13")]
    [InlineData("4-17", "81, 2, 31, 44 = 70")]
    [InlineData("6-2000000", "36, 1, 3, 22, 10, 2 = 480")]
    public void A_seed_has_the_same_puzzle_for_ever(string id, string puzzle)
    {
        var drawn = PuzzleGenerator.Draw(CountdownTask.Parse(id), seed: null);
        $"{drawn.WrittenNumbers} = {drawn.Target}".ShouldBe(puzzle);
    }

    [Fact]
    public void Numbers_and_target_are_of_a_sensible_size()
    {
        Gen.Select(Gen.Int[3, 20], Gen.Long[0, 3_100_000]).Sample(
            (count, seed) =>
            {
                var puzzle = PuzzleGenerator.Draw(new CountdownTask(count, seed), seed: null);
                puzzle.Numbers.Count.ShouldBe(count);
                puzzle.Numbers.ShouldAllBe(number => number >= 1 && number <= 99);
                puzzle.Target.ShouldBeInRange(10, 999);
                puzzle.Numbers.ShouldNotContain(puzzle.Target);
            },
            iter: 1000);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void About_half_of_the_puzzles_need_more_than_sums_and_differences(int count)
    {
        var plain = Enumerable.Range(0, 400).Count(seed => IsSumOf(PuzzleGenerator.Draw(new CountdownTask(count, seed), seed: null)));
        plain.ShouldBeInRange(160, 240);

        static bool IsSumOf(Puzzle puzzle) =>
            puzzle.Numbers.Aggregate(new HashSet<int> { 0 }, (sums, number) => [.. sums.Select(sum => sum + number), .. sums.Select(sum => sum - number)]).Contains(puzzle.Target);
    }

    [Fact]
    public void The_episodes_seed_changes_the_order_and_nothing_else()
    {
        var task = new CountdownTask(6, 17);
        var plain = PuzzleGenerator.Draw(task, seed: null);
        var orders = Enumerable.Range(0, 20).Select(seed => PuzzleGenerator.Draw(task, seed)).ToList();
        orders.ShouldAllBe(puzzle => puzzle.Target == plain.Target && puzzle.Numbers.Order().SequenceEqual(plain.Numbers.Order()));
        orders.Select(puzzle => puzzle.WrittenNumbers).Distinct().Count().ShouldBeGreaterThan(15);
        PuzzleGenerator.Draw(task, seed: 3).WrittenNumbers.ShouldBe(orders[3].WrittenNumbers);
    }

    [Fact]
    public void No_puzzle_of_one_split_is_in_another()
    {
        var environment = new CountdownEnvironment();
        var puzzles = environment.Splits.SelectMany(split => environment.ListTasks(split).Select(id => (split, Puzzle: Written(id)))).ToList();
        puzzles.GroupBy(item => item.Puzzle).ShouldAllBe(same => same.Select(item => item.split).Distinct().Count() == 1);

        static string Written(string id)
        {
            var puzzle = PuzzleGenerator.Draw(CountdownTask.Parse(id), seed: null);
            return $"{string.Join(' ', puzzle.Numbers.Order())} = {puzzle.Target}";
        }
    }
}
