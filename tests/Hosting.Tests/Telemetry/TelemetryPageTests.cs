using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SandQueue.Contracts;
using SandQueue.Hosting.Telemetry;
using SandQueue.Telemetry.Measures;
using SandQueue.Testing;

namespace SandQueue.Hosting.Tests.Telemetry;

/// <summary>What a program exports, and that it exports nothing unless it is told to.</summary>
public sealed partial class TelemetryPageTests
{
    [Fact]
    public async Task Every_metric_of_ours_is_in_the_page_s_table_and_every_row_is_exported()
    {
        var exported = (await ScrapeAsync()).Where(name => name.StartsWith("sandqueue_", StringComparison.Ordinal)).Order().ToList();
        var documented = DocumentedMetrics.All.Where(row => row.Key.StartsWith("sandqueue.", StringComparison.Ordinal) && !row.Key.StartsWith("sandqueue.amqp.", StringComparison.Ordinal));
        exported.ShouldBe(documented.Select(row => row.Value).Order());
    }

    [Fact]
    public async Task What_the_page_says_of_the_runtime_is_exported() =>
        (await ScrapeAsync()).ShouldContain(DocumentedMetrics.All["dotnet.process.memory.working_set"]);

    [Fact]
    public void Without_an_admin_address_and_a_receiver_nothing_is_measured()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddTelemetry("test", admin: null);
        using var host = builder.Build();
        host.Services.GetService<MeterProvider>().ShouldBeNull();
        host.Services.GetService<TracerProvider>().ShouldBeNull();
        host.Services.GetServices<IHostedService>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("otlp", true)]
    [InlineData("none", false)]
    public void Metrics_are_sent_with_spans_and_log_lines_unless_the_variable_says_otherwise(string? exporter, bool isMeasured)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";
        builder.Configuration["OTEL_METRICS_EXPORTER"] = exporter;
        builder.AddTelemetry("test", admin: null);
        builder.Services.Any(service => service.ServiceType == typeof(MeterProvider)).ShouldBe(isMeasured);
        builder.Services.ShouldContain(service => service.ServiceType == typeof(TracerProvider));
    }

    [Fact]
    public void Requests_that_run_are_not_counted_and_those_that_ended_are()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddTelemetry("test", new IPEndPoint(IPAddress.Loopback, FreePort.Take()));
        using var host = builder.Build();
        host.Services.GetRequiredService<MeterProvider>();
        using var meter = new Meter("Microsoft.AspNetCore.Hosting");
        meter.CreateUpDownCounter<long>("http.server.active_requests").Enabled.ShouldBeFalse();
        meter.CreateHistogram<double>("http.server.request.duration").Enabled.ShouldBeTrue();
    }

    [Fact]
    public void One_trace_in_a_hundred_is_sampled_unless_the_variables_say_otherwise()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddTelemetry("test", admin: null);
        (builder.Configuration["OTEL_TRACES_SAMPLER"], builder.Configuration["OTEL_TRACES_SAMPLER_ARG"]).ShouldBe(("parentbased_traceidratio", "0.01"));
    }

    /// <summary>The names on the page of a program that has measured everything once.</summary>
    private static async Task<IReadOnlyList<string>> ScrapeAsync()
    {
        var address = new IPEndPoint(IPAddress.Loopback, FreePort.Take());
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddTelemetry("test", address);
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        using var gauges = new Gauges();
        MeasureAll(gauges);

        using var http = new HttpClient();
        var page = await http.GetStringAsync(new Uri($"http://{address}/metrics"), TestContext.Current.CancellationToken);
        await host.StopAsync(TestContext.Current.CancellationToken);
        return [.. Type().Matches(page).Select(type => type.Groups["name"].Value)];
    }

    private static void MeasureAll(Gauges gauges)
    {
        var step = new StepInstance { CommandId = "c", Tenant = "t", InstanceId = "i", RemainingMs = 1, Action = [] };
        CommandMeasures.Ended(step, "lake", "completed", "infrastructure", TimeSpan.FromSeconds(1), new CommandTiming(1, 1, 1));
        CommandMeasures.CameAgain(step, "journal");
        JournalMeasures.Committed(1, TimeSpan.FromSeconds(1), isCommitted: true);
        InstanceMeasures.EpisodeEnded("lake", "terminated", cause: null);
        InstanceMeasures.Recovered("lake", "proven", TimeSpan.FromSeconds(1));
        InstanceMeasures.TakenOver("lake");
        ContainerMeasures.Started("lake", isReady: true, TimeSpan.FromSeconds(1));
        BatchMeasures.Ended("completed");
        gauges.Instances(() => [("lake", "live", 1)]);
        gauges.InstanceLimits(() => [("lake", 1)]);
        gauges.Containers(() => [("lake", "running", 1)]);
        gauges.WaitingCreates(() => [("lake", 1)]);
    }

    [GeneratedRegex("^# TYPE (?<name>[a-z_]+) ", RegexOptions.Multiline)]
    private static partial Regex Type();
}
