using SandQueue.Dashboard.Episodes;

namespace SandQueue.Dashboard.Tests.Episodes;

public sealed class FailureRowsTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Each_is_shown_behind_the_entry_that_was_recorded_before_it()
    {
        var rows = new FailureRows([Failed("a", -1), Failed("b", 5), Failed("c", 10), Failed("d", 99)], null);

        Names(rows.Behind(Begin, Begin.AddSeconds(10), isFirst: true)).ShouldBe(["a", "b"]);
        Names(rows.Behind(Begin.AddSeconds(10), Begin.AddSeconds(20), isFirst: false)).ShouldBe(["c"]);
        Names(rows.Behind(Begin.AddSeconds(20), next: null, isFirst: false)).ShouldBe(["d"]);
    }

    [Fact]
    public void Where_there_are_more_than_were_read_that_is_said()
    {
        new FailureRows([Failed("a", 1)], null).Count.ShouldBe("1");
        new FailureRows([Failed("a", 1)], "1.7").Count.ShouldBe("more than 1");
    }

    private static FailureRow Failed(string name, int at) => new(name, "step", "failed", "infrastructure", "it broke", Begin.AddSeconds(at));

    private static IEnumerable<string> Names(IEnumerable<FailureRow> rows) => rows.Select(row => row.CommandId);
}
