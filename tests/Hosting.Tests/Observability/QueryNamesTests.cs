namespace SandQueue.Hosting.Tests.Observability;

public sealed class QueryNamesTests
{
    [Theory]
    [InlineData("up", "up")]
    [InlineData("up{job=~\"sandqueue-.*\"} == 0", "up")]
    [InlineData("sum by (a, b) (rate(x_total{c=\"y_total\"}[5m])) / on () group_left () sum(rate(z_count[10m])) > 0.01", "x_total z_count")]
    [InlineData("histogram_quantile(0.99, sum by (le) (rate(d_seconds_bucket[$__rate_interval])))", "d_seconds_bucket")]
    [InlineData("increase(x[1h]) > 0 or (y unless z offset 1h)", "x y z")]
    [InlineData("sum(n) + 2 * count(up{job=\"j\"} == 1) > 0.8 * 100", "n up")]
    [InlineData("max without(instance)(m)", "m")]
    public void Only_metrics_are_found(string query, string metrics) => QueryNames.Metrics(query).ShouldBe(metrics.Split(' '));
}
