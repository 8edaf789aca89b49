using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Observation;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Model;

namespace SandQueue.Routing.Tests;

/// <summary>What is measured of commands and handed on for their traces.</summary>
public sealed class ObservedRouterTests : RouterTest
{
    private readonly ICommandRouter _inner = Substitute.For<ICommandRouter>();
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData("completed", null)]
    [InlineData("failed", "agent")]
    [InlineData("expired", "infrastructure")]
    [InlineData("unknown", "infrastructure")]
    [InlineData("rejected", null)]
    public async Task A_command_is_measured_by_its_end_and_a_missing_reward_by_its_cause(string end, string? cause)
    {
        var environment = $"lake of {end}";
        using var durations = new MetricCollector<double>(meterScope: null, "SandQueue", "sandqueue.command.duration");
        using var missing = new MetricCollector<long>(meterScope: null, "SandQueue", "sandqueue.reward.missing");
        _inner.SendAsync(Arg.Any<StepInstance>(), Arg.Any<CancellationToken>()).Returns(_ =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return Outcome(end) with { Environment = environment };
        });
        await NewRouter().SendAsync(Step(), Cancel);

        var measured = durations.GetMeasurementSnapshot().Single(one => Equals(one.Tags["environment"], environment));
        (measured.Value, measured.Tags["verb"], measured.Tags["end"]).ShouldBe((2d, "step", end));
        missing.GetMeasurementSnapshot().Where(one => Equals(one.Tags["environment"], environment)).Select(one => one.Tags["cause"]).ShouldBe(cause is null ? [] : [cause]);
    }

    [Fact]
    public async Task A_command_that_its_caller_gives_up_has_an_end_too()
    {
        using var durations = new MetricCollector<double>(meterScope: null, "SandQueue", "sandqueue.command.duration");
        _inner.CreateAsync(Arg.Any<CreateInstance>(), Arg.Any<CancellationToken>()).Returns<CommandOutcome>(_ => throw new OperationCanceledException());
        await Should.ThrowAsync<OperationCanceledException>(NewRouter().CreateAsync(NewCreate("nowhere"), Cancel));
        durations.GetMeasurementSnapshot().ShouldContain(one => Equals(one.Tags["end"], "not_sent") && Equals(one.Tags["verb"], "create") && Equals(one.Tags["environment"], "unknown"));
    }

    [Fact]
    public async Task A_traced_command_carries_its_span_and_another_goes_on_as_it_is()
    {
        var sent = new List<StepInstance>();
        _inner.SendAsync(Arg.Do<StepInstance>(sent.Add), Arg.Any<CancellationToken>()).Returns(Outcome("completed"));
        var (router, step) = (NewRouter(), Step());
        var spans = new List<Activity>();
        using (var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "SandQueue",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span => { if (Equals(span.GetTagItem("sandqueue.command.id"), step.CommandId)) spans.Add(span); },
        })
        {
            ActivitySource.AddActivityListener(listener);
            await router.SendAsync(step, Cancel);
        }

        sent.Single().TraceParent.ShouldBe(spans.Single().Id);
        spans[0].GetTagItem("sandqueue.end").ShouldBe("completed");
        sent.Single().TraceParent.ShouldNotBeNull();
        (sent.Single() with { TraceParent = null }).ShouldBe(step);
    }

    [Fact]
    public async Task A_create_waits_once_it_takes_longer_than_one_does_where_there_is_room()
    {
        var made = new TaskCompletionSource<CommandOutcome>();
        _inner.CreateAsync(Arg.Any<CreateInstance>(), Arg.Any<CancellationToken>()).Returns(made.Task);
        var environments = Services.GetRequiredService<KnownEnvironments>();
        var creates = new WaitingCreates(environments, _time);
        (await Services.GetRequiredService<FleetView>().ServesAsync("bfcl", Cancel)).ShouldBeTrue();
        var router = new ObservedRouter(_inner, creates, environments, _time);
        Task<CommandOutcome>[] running = [router.CreateAsync(NewCreate("bfcl"), Cancel), router.CreateAsync(NewCreate("no such"), Cancel)];
        creates.Count().ShouldBeEmpty();

        _time.Advance(WaitingCreates.Moment);
        creates.Count().ShouldBe(new Dictionary<string, int> { ["bfcl"] = 1, ["unknown"] = 1 }, ignoreOrder: true);

        made.SetResult(Outcome("completed"));
        await Task.WhenAll(running);
        creates.Count().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_scaler_asks_is_read_of_all_workers()
    {
        await Store.RegisterAsync("starts", GatewayStore.Describe(), capacity: [new EnvironmentCapacity("bfcl", 0, 0), new EnvironmentCapacity("served nowhere", 0, 0)]);
        await Store.RegisterAsync("serves", GatewayStore.Describe("bfcl"), capacity: [new EnvironmentCapacity("bfcl", 3, 7)]);

        var loads = await Services.GetRequiredService<ScalingSignal>().ReadAsync(Cancel);

        loads.ShouldBe(new Dictionary<string, EnvironmentLoad> { ["bfcl"] = new(Waiting: 0, Live: 7, Free: 3) });
        new EnvironmentLoad(Waiting: 0, Live: 3, Free: 1).Occupancy.ShouldBe(0.75);
        new EnvironmentLoad(Waiting: 2, Live: 0, Free: 0).Occupancy.ShouldBe(1);
    }

    private ObservedRouter NewRouter()
    {
        var environments = Services.GetRequiredService<KnownEnvironments>();
        return new ObservedRouter(_inner, new WaitingCreates(environments, _time), environments, _time);
    }

    private static StepInstance Step() => new() { CommandId = NewId(), Tenant = "t", InstanceId = "i", RemainingMs = 1000, Action = [] };

    private static CreateInstance NewCreate(string environment) => new() { CommandId = NewId(), Tenant = "t", InstanceId = NewId(), RemainingMs = 1000, EnvType = environment, TaskId = "1" };

    private static CommandOutcome Outcome(string end) => end switch
    {
        "completed" => new CommandOutcome.Completed([], new CommandTiming(1, 1, 1)),
        "failed" => new CommandOutcome.Failed(CommandReason.EnvironmentFailed, "it fell", FailureCause.Agent),
        "expired" => new CommandOutcome.Expired("late"),
        "rejected" => new CommandOutcome.Rejected(CommandReason.UnknownInstance, "no such"),
        _ => new CommandOutcome.Unknown(),
    };
}
