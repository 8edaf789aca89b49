using SandQueue.Bench.Scale;

namespace SandQueue.Bench.Tests.Scale;

public sealed class ScaleOptionsTests
{
    [Fact]
    public void The_goals_are_measured_at_their_size_if_nothing_is_said()
    {
        var options = ScaleOptions.Parse([]);

        (options.Live, options.Burst, options.Rows, options.Stored, options.Idle).ShouldBe((10_000, 4096, 10_000_000, 100_000, 1000));
        options.Only.ShouldBeEmpty();
    }

    [Fact]
    public void A_quick_run_is_small_and_may_be_told_more()
    {
        var options = ScaleOptions.Parse(["--quick", "--only", "sweep,journal", "--rows", "5000"]);

        (options.Stored, options.Rows).ShouldBe((10_000, 5000));
        options.Only.ShouldBe(["sweep", "journal"]);
    }

    [Fact]
    public void A_part_that_is_not_there_is_said() => Should.Throw<ArgumentException>(() => ScaleOptions.Parse(["--only", "sleep"])).Message.ShouldStartWith("there is no part 'sleep'; known are live, open");
}
