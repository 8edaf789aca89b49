using System.Net;
using System.Text;
using SandQueue.Farm.Tests.Parts;
using SandQueue.Testing;

namespace SandQueue.Farm.Tests;

/// <summary>What a farm of several programs shows of itself.</summary>
[Collection(typeof(OneAfterAnother))]
public sealed class TelemetryTests(RabbitMqServer rabbit, PostgresServer postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task A_trace_goes_from_the_door_over_the_queue_to_worker_environment_and_journal()
    {
        await using var receiver = new SpanReceiver();
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_TRACES_SAMPLER"] = "always_on",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        farm.StartWorker();
        var gateway = await farm.StartGatewayAsync();
        await farm.AreWorkersAsync(1);
        await Until.TrueAsync("the gateway knows frozenlake", async () => (await gateway.ListTasksAsync()).Status == 200, Limit);
        (await gateway.CreateAsync("traced")).Status.ShouldBe(200);

        // Steps of several instances travel together: each keeps its own trace.
        for (var number = 0; number < 8; number++) (await gateway.CreateAsync($"traced-{number}")).Status.ShouldBe(200);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => gateway.StepAsync($"traced-{number}", "left")));
        answers.ShouldAllBe(answer => answer.Status == 200);

        await Until.TrueAsync(
            "eight steps are traced from end to end",
            () => receiver.Received.Where(span => span.Name == "step").Count(step => IsWhole(receiver.Received, step)) == 8,
            Limit,
            () => string.Join(Environment.NewLine, receiver.Received));
        receiver.Received.Where(span => span.Name == "step").Select(step => step.Trace).Distinct().Count().ShouldBe(8);
        await IsTracedFromTheBrokerAsync(farm, receiver);
        receiver.Received.Where(span => span.Name == "create").ShouldAllBe(create => receiver.Received.Any(span => span.Parent == create.Id && span.Name == "execute create"));
    }

    [Fact]
    public async Task A_worker_says_at_its_admin_address_whether_it_is_ready_and_what_it_measures()
    {
        var port = FreePort.Take();
        await using var farm = await TestFarm.NewAsync(rabbit, postgres, new Dictionary<string, string> { ["Worker:AdminListen"] = $"{port}" });
        var worker = farm.StartWorker();
        await farm.AreWorkersAsync(1);

        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await Until.TrueAsync("the worker is ready", async () => (await http.GetAsync(new Uri("readyz", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.OK, Limit, () => worker.Program.LastOutput);
        (await http.GetStringAsync(new Uri("healthz", UriKind.Relative), TestContext.Current.CancellationToken)).ShouldBe("OK");
        var metrics = await http.GetStringAsync(new Uri("metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        metrics.ShouldContain("sandqueue_instance_limit{");
        metrics.ShouldContain("environment=\"frozenlake\"");
        metrics.ShouldContain("# TYPE db_client_connection_count gauge");
        metrics.ShouldContain("# TYPE db_client_operation_duration_seconds histogram");
        metrics.ShouldContain("db_client_connection_pool_name=\"shared\"");
        metrics.ShouldNotContain("Username=", Case.Insensitive, "no connection string");
    }

    /// <summary>A trainer that publishes commands gives its own trace along, and gets it back.</summary>
    private static async Task IsTracedFromTheBrokerAsync(TestFarm farm, SpanReceiver receiver)
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c", Parent = "b7ad6b7169203331";
        await farm.HasAmqpAsync();
        await using var trainer = await AmqpTrainer.ConnectAsync(farm.Broker);
        var reply = await trainer.AskAsync(
            """{"command":"step","instance_id":"traced","action":{"role":"assistant","content":"left"}}""",
            change: properties => (properties.Headers ??= new Dictionary<string, object?>())["traceparent"] = Encoding.UTF8.GetBytes($"00-{Trace}-{Parent}-01"));
        reply.End.ShouldBe("completed");
        Encoding.UTF8.GetString((byte[])reply.Headers["traceparent"]!).ShouldStartWith($"00-{Trace}-");
        await Until.TrueAsync(
            "the trainer's trace goes on to the worker",
            () => receiver.Received.Any(span => span.Trace == Trace && span.Parent == Parent) && receiver.Received.Any(span => span.Trace == Trace && span.Name == "execute step"),
            Limit,
            () => string.Join(Environment.NewLine, receiver.Received.Where(span => span.Trace == Trace)));
    }

    /// <summary>Whether a step's span has the door before it, and behind it its worker with environment and journal.</summary>
    private static bool IsWhole(IReadOnlyCollection<ExportedSpan> spans, ExportedSpan step)
    {
        var trace = spans.Where(span => span.Trace == step.Trace).ToList();
        return trace.Exists(door => door.Id == step.Parent && door.Parent == "")
            && trace.Find(span => span.Parent == step.Id) is { Name: "execute step" } executed
            && trace.Where(span => span.Parent == executed.Id).Select(span => span.Name).Order().SequenceEqual(["append to journal", "call environment"]);
    }
}
