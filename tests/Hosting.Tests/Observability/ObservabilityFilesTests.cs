using SandQueue.Hosting.Tests.Telemetry;
using SandQueue.Testing;
using YamlDotNet.RepresentationModel;

namespace SandQueue.Hosting.Tests.Observability;

/// <summary>That board and alerts read what the programs export, and that the files name each other rightly.</summary>
public sealed class ObservabilityFilesTests
{
    /// <summary>What others export: Prometheus itself, and the broker's plugin.</summary>
    private static readonly string[] Foreign = ["up", "rabbitmq_alarms_memory_used_watermark", "rabbitmq_alarms_free_disk_space_watermark"];

    private static readonly HashSet<string> Known = [.. DocumentedMetrics.All.Values.SelectMany(name => (string[])[name, $"{name}_bucket", $"{name}_count", $"{name}_sum"]), .. Foreign];

    private static IEnumerable<string> BoardQueries =>
        ObservabilityFiles.Board.GetProperty("panels").EnumerateArray().SelectMany(panel => panel.GetProperty("targets").EnumerateArray()).Select(target => target.GetProperty("expr").GetString()!);

    private static IEnumerable<string> AlertQueries => ObservabilityFiles.Alerts.Values.Select(rule => ObservabilityFiles.Text(rule, "expr"));

    [Fact]
    public void Every_metric_of_the_board_is_exported() => Unknown(BoardQueries).ShouldBeEmpty();

    [Fact]
    public void Every_metric_of_the_alerts_is_exported() => Unknown(AlertQueries).ShouldBeEmpty();

    [Fact]
    public void The_board_shows_what_an_operator_looks_for() => new[]
    {
        "sandqueue_instance_count", "sandqueue_instance_limit", "sandqueue_create_waiting", "sandqueue_command_duration_seconds_bucket", "sandqueue_recovery_duration_seconds_count",
        "sandqueue_reward_missing_total", "sandqueue_journal_commit_size_bucket",
    }.ShouldBeSubsetOf(BoardQueries.SelectMany(QueryNames.Metrics));

    [Fact]
    public void Panels_have_ids_of_their_own_and_do_not_overlap()
    {
        var panels = ObservabilityFiles.Board.GetProperty("panels").EnumerateArray().ToList();
        panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        var cells = panels.Select(panel => panel.GetProperty("gridPos")).SelectMany(place =>
            from x in Enumerable.Range(place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32())
            from y in Enumerable.Range(place.GetProperty("y").GetInt32(), place.GetProperty("h").GetInt32())
            select (x, y)).ToList();
        cells.ShouldBeUnique();
        cells.ShouldAllBe(cell => cell.x < 24);
    }

    [Fact]
    public void Every_alert_has_a_severity_a_summary_and_a_section_of_the_page_that_says_what_to_do()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"));
        foreach (var (name, rule) in ObservabilityFiles.Alerts)
        {
            ObservabilityFiles.Text(rule, "labels", "severity").ShouldBeOneOf("warning", "critical");
            ObservabilityFiles.Text(rule, "annotations", "summary").ShouldNotBeEmpty();
            page.ShouldMatch($"(?m)^### .*`{name}`", $"docs/operations.md has no section on {name}");
        }
    }

    [Fact]
    public void What_compose_mounts_is_there_and_what_Grafana_asks_is_what_compose_starts()
    {
        var services = (YamlMappingNode)ObservabilityFiles.Read("compose.yml")["services"];
        foreach (var (name, service) in services.Children.Select(child => (child.Key.ToString(), (YamlMappingNode)child.Value)))
        {
            if (name is "gateway" or "worker") continue;
            service["profiles"].ToString().ShouldContain("observability");
            service["image"].ToString().ShouldNotEndWith("latest");
            foreach (var mount in ((YamlSequenceNode)service["volumes"]).Select(mount => mount.ToString().Split(':')[0]).Where(mount => mount.StartsWith("./", StringComparison.Ordinal)))
            {
                Path.Exists(Path.Combine(Repository.Root, mount)).ShouldBeTrue(mount);
            }
        }

        var source = ObservabilityFiles.Items(ObservabilityFiles.Read("grafana/provisioning/datasources/prometheus.yml"), "datasources").Single();
        source["url"].ToString().ShouldBe("http://prometheus:9090");
        ObservabilityFiles.Board.GetProperty("panels").EnumerateArray().ShouldAllBe(panel => panel.GetProperty("datasource").GetProperty("uid").GetString() == source["uid"].ToString());
    }

    [Fact]
    public void Prometheus_reads_the_port_that_compose_opens_for_it()
    {
        var services = (YamlMappingNode)ObservabilityFiles.Read("compose.yml")["services"];
        services["gateway"]["environment"]["SANDQUEUE_Gateway__AdminListen"].ToString().ShouldBe("0.0.0.0:9464");
        services["worker"]["environment"]["SANDQUEUE_Worker__AdminListen"].ToString().ShouldBe("0.0.0.0:9464");
        var jobs = ObservabilityFiles.Items(ObservabilityFiles.Read("prometheus.yml"), "scrape_configs").Where(job => ObservabilityFiles.Text(job, "job_name").StartsWith("sandqueue-", StringComparison.Ordinal)).ToList();
        jobs.Select(job => ObservabilityFiles.Text(ObservabilityFiles.Items(job, "dns_sd_configs").Single(), "port")).ShouldBe(["9464", "9464"]);
    }

    private static IEnumerable<string> Unknown(IEnumerable<string> queries) => queries.SelectMany(QueryNames.Metrics).Distinct().Where(name => !Known.Contains(name));
}
