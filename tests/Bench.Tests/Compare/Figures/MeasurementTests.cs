using SandQueue.Bench.Compare.Figures;

namespace SandQueue.Bench.Tests.Compare.Figures;

public sealed class MeasurementTests
{
    [Fact]
    public void Processor_time_is_that_of_the_measurement_by_unit()
    {
        var measured = Measurement.Of(100, 2, [3, 1, 2], new Dictionary<string, double> { ["load"] = 500 }, new Dictionary<string, double> { ["load"] = 520, ["worker"] = 30 });

        measured.Rate.ShouldBe(50);
        measured.P50.ShouldBe(2);
        measured.Processor.ShouldBe(new Dictionary<string, double> { ["load"] = .2, ["worker"] = .3 });
        measured.ProcessorTotal.ShouldBe(.5);
    }

    [Fact]
    public void Where_nothing_was_done_nothing_is_divided_by_it() =>
        Measurement.Of(0, 1, [], new Dictionary<string, double>(), new Dictionary<string, double> { ["load"] = 10 }).ProcessorTotal.ShouldBe(0);

    [Fact]
    public void Repeats_give_the_median_of_each_figure()
    {
        var median = Measurement.Median([One(rate: 10, p50: 3), One(rate: 30, p50: 1), One(rate: 20, p50: 2)]);

        (median.Rate, median.P50, median.Processor["load"]).ShouldBe((20, 2, 20));
    }

    private static Measurement One(double rate, double p50) => new(rate, p50, 0, 0, new Dictionary<string, double> { ["load"] = rate });
}
