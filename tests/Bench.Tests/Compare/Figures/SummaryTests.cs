using SandQueue.Bench.Compare.Figures;

namespace SandQueue.Bench.Tests.Compare.Figures;

public sealed class SummaryTests
{
    [Fact]
    public void Figures_are_named_by_path_and_clients()
    {
        var figures = Summary.Of([Row("farm", 64, rate: 1234.4, p50: .4567), Row("vector", 4, rate: 10_000, p50: 20)]);

        figures["farm_64_per_s"].ShouldBe(1234);
        figures["farm_64_p50_ms"].ShouldBe(.457);
        figures["farm_64_cpu_ms_per_step"].ShouldBe(.5);
        figures["vector_per_s"].ShouldBe(10_000);
    }

    [Fact]
    public void The_floor_is_the_sum_of_what_a_lone_step_needs()
    {
        var figures = Summary.Of([Row("http", 1, p50: .1), Row("raw_rpc", 1, p50: .4), Row("journal", 1, p50: .5), Row("direct", 1, p50: .2), Row("farm", 1, p50: 2.4)]);

        figures["floor_1_p50_ms"].ShouldBe(1.2);
        figures["farm_1_p50_to_floor"].ShouldBe(2);
    }

    [Fact]
    public void Without_one_of_its_parts_there_is_no_floor() => Summary.Of([Row("http", 1), Row("raw_rpc", 1), Row("journal", 1)]).ShouldNotContainKey("floor_1_p50_ms");

    [Fact]
    public void Rates_are_compared_with_what_the_goals_name()
    {
        var figures = Summary.Of([Row("raw_rpc", 64, rate: 4000), Row("direct", 64, rate: 8000), Row("embedded", 64, rate: 6000), Row("farm", 64, rate: 3000)]);

        (figures["farm_64_to_raw_rpc"], figures["embedded_64_to_raw_rpc"], figures["farm_64_to_direct"]).ShouldBe((.75, 1.5, .38));
    }

    private static Row Row(string path, int clients, double rate = 1, double p50 = 1) =>
        new(path, clients, "step") { Closed = new Measurement(rate, p50, p50, p50, new Dictionary<string, double> { ["load"] = .5 }) };
}
