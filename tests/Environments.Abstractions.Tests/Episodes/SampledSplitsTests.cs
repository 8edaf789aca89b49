using System.Globalization;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Abstractions.Tests.Episodes;

public sealed class SampledSplitsTests
{
    private static readonly SampledSplits Splits = new("made",
    [
        seed => string.Create(CultureInfo.InvariantCulture, $"a-{seed}"),
        seed => string.Create(CultureInfo.InvariantCulture, $"b-{seed}"),
    ]);

    [Theory]
    [InlineData("train", 1000, "a-0", "b-499")]
    [InlineData("val", 200, "a-1000000", "b-1000099")]
    [InlineData("test", 200, "a-2000000", "b-2000099")]
    public void A_split_lists_a_sample_of_its_own_seeds(string split, int count, string first, string last)
    {
        var tasks = Splits.List(split);
        (tasks.Count, tasks[0], tasks[^1]).ShouldBe((count, first, last));
        tasks.Select(task => long.Parse(task[2..], CultureInfo.InvariantCulture)).ShouldAllBe(seed => SampledSplits.OfSeed(seed) == split);
    }

    [Fact]
    public void Kinds_of_task_take_turns()
    {
        Splits.List("train").Take(4).ShouldBe(["a-0", "b-0", "a-1", "b-1"]);
    }

    [Fact]
    public void An_unknown_split_names_the_known_ones()
    {
        Should.Throw<InvalidRequestException>(() => Splits.List("dev")).Message.ShouldBe("made has no split \"dev\"; it has train, val, test");
    }

    [Theory]
    [InlineData(999_999, "train")]
    [InlineData(1_999_999, "val")]
    [InlineData(2_999_999, "test")]
    [InlineData(3_000_000, "train")]
    [InlineData(long.MaxValue, "train")]
    public void Every_seed_belongs_to_a_split(long seed, string split)
    {
        SampledSplits.OfSeed(seed).ShouldBe(split);
    }

    [Fact]
    public void Problems_are_shared_out_eight_to_one_to_one()
    {
        var shares = Enumerable.Range(0, 10_000).CountBy(number => SampledSplits.OfProblem($"problem {number}")).ToDictionary();
        shares["train"].ShouldBeInRange(7_850, 8_150);
        shares["val"].ShouldBeInRange(880, 1_120);
        shares["test"].ShouldBeInRange(880, 1_120);
    }
}
