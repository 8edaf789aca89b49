using SandQueue.Bench.Compare.Figures;
using SandQueue.Bench.Start;

namespace SandQueue.Bench.Tests.Start;

public sealed class StartFiguresTests
{
    [Fact]
    public void The_first_second_has_the_calls_that_began_in_it()
    {
        // They begin at 0, 600, 900 and 1,100 ms.
        StartFigures.OfFirstSecond([600, 300, 200, 1]).ShouldBe(300);
        StartFigures.OfFirstSecond([]).ShouldBe(0);
    }

    [Fact]
    public void What_is_said_is_the_median_of_all_starts()
    {
        var summary = StartFigures.Summary("farm", [Start(up: 3, fresh: 9, warm: 3), Start(up: 1, fresh: 12, warm: 3), Start(up: 2, fresh: 6, warm: 2)]);

        (summary["farm_up_s"], summary["farm_fresh_p50_ms"], summary["farm_warm_p50_ms"], summary["farm_fresh_to_warm"]).ShouldBe((2, 9, 3, 3));
        summary["farm_fresh_cpu_ms_per_step"].ShouldBe(1.5);
    }

    private static StartFigures Start(double up, double fresh, double warm) => new(up, 100, 10, Played(fresh), Played(warm));

    private static Measurement Played(double median) => new(100, median, 20, 30, new Dictionary<string, double> { ["gateway"] = 1, ["worker"] = 0.5 });
}
