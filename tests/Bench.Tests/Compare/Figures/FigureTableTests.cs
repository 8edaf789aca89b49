using SandQueue.Bench.Compare.Figures;

namespace SandQueue.Bench.Tests.Compare.Figures;

public sealed class FigureTableTests
{
    private static readonly Measurement One = new(1234.4, .4567, 12.34, 123.4, new Dictionary<string, double> { ["load"] = .1, ["worker"] = 2 });

    [Fact]
    public void A_closed_loop_is_a_row_with_a_cell_for_each_part_that_took_part() =>
        FigureTable.Closed([new Row("farm", 64, "step") { Closed = One }]).ShouldBe(
            """
            | path | clients | per second | p50 ms | p99 ms | processor ms |  load | responder | gateway | worker | environment | rabbitmq | postgres |
            | ---- | ------: | ---------: | -----: | -----: | -----------: | ----: | --------: | ------: | -----: | ----------: | -------: | -------: |
            | farm |      64 |      1,234 |  0.457 |   12.3 |         2.10 | 0.100 |           |         |   2.00 |             |          |          |
            """);

    [Fact]
    public void Only_what_had_an_open_loop_is_a_row_of_open_loops() =>
        FigureTable.Open([new Row("http", 1, "call") { Closed = One }, new Row("farm", 64, "step") { Closed = One, Open = One, Arrivals = 617 }]).ShouldBe(
            """
            | path | clients | arrivals/s | answered/s | p50 ms | p99 ms | p99.9 ms | processor ms |
            | ---- | ------: | ---------: | ---------: | -----: | -----: | -------: | -----------: |
            | farm |      64 |        617 |      1,234 |  0.457 |   12.3 |      123 |         2.10 |
            """);
}
