using SandQueue.Dashboard.Overview;

namespace SandQueue.Dashboard.Tests.Overview;

public sealed class LatencyFactsTests
{
    [Fact]
    public void The_greatest_part_of_a_commands_time_is_named() => new LatencyParts(QueueMs: 1, WaitingMs: 0, EnvironmentMs: 6, JournalMs: 1).Greatest.ShouldBe(("environment", 0.75));

    [Fact]
    public void Where_no_time_went_anywhere_nothing_is_the_greatest() => new LatencyParts(0, 0, 0, 0).Greatest.ShouldBe(("nothing", 0));

    [Fact]
    public void A_gateway_that_refused_something_is_not_quiet()
    {
        var nothing = new VerbLatency("step", 0, 0, 0, null, null, null);
        new LatencyFacts(60, [nothing], [], [], []).IsQuiet.ShouldBeTrue();
        new LatencyFacts(60, [nothing with { Refused = 1 }], [], [], []).IsQuiet.ShouldBeFalse();
        new LatencyFacts(60, [nothing], [], [], []).Step.ShouldBe(nothing);
    }

    [Fact]
    public void The_course_begins_with_the_gateway_and_a_moment_is_no_rate()
    {
        var at = DateTimeOffset.UnixEpoch;
        var facts = new LatencyFacts(60, [], [], [], [new(at, 0, 0, 0, null, null), new(at, 10, 5, 20, 1, 3), new(at, 10, 0, 0, null, null), new(at, 0.4, 0, 3, 1, 1)]);

        facts.Rates(point => point.Steps).ShouldBe([2, 0]);
        facts.Times(point => point.StepMsP99).ShouldBe([3, 0]);
        facts.Unit.ShouldBe("ms");
    }

    [Fact]
    public void Long_times_are_drawn_in_seconds()
    {
        var facts = new LatencyFacts(60, [], [], [], [new(DateTimeOffset.UnixEpoch, 10, 0, 1, 500, 1200)]);

        facts.Times(point => point.StepMsP99).ShouldBe([1.2]);
        facts.Unit.ShouldBe("seconds");
    }
}
