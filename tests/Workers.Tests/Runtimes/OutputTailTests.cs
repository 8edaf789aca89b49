using SandQueue.Workers.Runtimes;

namespace SandQueue.Workers.Tests.Runtimes;

public sealed class OutputTailTests
{
    [Fact]
    public void The_last_lines_are_kept_in_order()
    {
        var tail = new OutputTail();
        tail.ToString().ShouldBe("");
        for (var line = 1; line <= 100; line++) tail.Add($"{line}");
        tail.ToString().ShouldBe(string.Join('\n', Enumerable.Range(81, 20)));
    }

    [Fact]
    public void Two_streams_may_write_while_somebody_reads()
    {
        var tail = new OutputTail();
        Parallel.For(0, 1000, line =>
        {
            tail.Add($"{line}");
            tail.ToString().Split('\n').Length.ShouldBeInRange(1, 20);
        });
        tail.ToString().Split('\n').ShouldBeUnique();
    }
}
