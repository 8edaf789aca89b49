using SandQueue.Dashboard.Episodes;

namespace SandQueue.Dashboard.Tests.Episodes;

public sealed class FailureRowsTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Each_is_shown_behind_the_entry_that_was_recorded_before_it()
    {
        var rows = new FailureRows([Failed("a", -1), Failed("b", 5), Failed("c", 10), Failed("d", 99)], null);

        var behind = rows.Behind([Begin, Begin.AddSeconds(10), Begin.AddSeconds(20)], isWhole: true);

        Names(behind[0]).ShouldBe(["a", "b"]);
        Names(behind[1]).ShouldBe(["c"]);
        Names(behind[2]).ShouldBe(["d"]);
    }

    [Fact]
    public void Each_is_shown_once_whatever_the_clocks_of_workers_say()
    {
        var rows = new FailureRows([Failed("a", 98)], null);

        var behind = rows.Behind([Begin.AddSeconds(90), Begin.AddSeconds(100), Begin.AddSeconds(95), Begin.AddSeconds(110)], isWhole: true);

        behind.Select(place => place.Key).ShouldBe([2]);
    }

    [Fact]
    public void Behind_the_last_entry_that_was_read_nothing_is_shown_where_there_are_more() =>
        new FailureRows([Failed("a", 5), Failed("b", 50)], null).Behind([Begin, Begin.AddSeconds(10)], isWhole: false).Select(place => place.Key).ShouldBe([0]);

    [Fact]
    public void Where_there_are_more_than_were_read_that_is_said()
    {
        new FailureRows([Failed("a", 1)], null).Count.ShouldBe("1");
        new FailureRows([Failed("a", 1)], "1.7").Count.ShouldBe("more than 1");
    }

    private static FailureRow Failed(string name, int at) => new(name, "step", "failed", "infrastructure", "it broke", Begin.AddSeconds(at));

    private static IEnumerable<string> Names(IEnumerable<FailureRow> rows) => rows.Select(row => row.CommandId);
}
