using Microsoft.Extensions.Time.Testing;
using SandQueue.Contracts;
using SandQueue.Routing.Observation.Latency;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Routing.Tests.Observation.Latency;

public sealed class CommandLatencyTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly CommandLatency _latency;

    public CommandLatencyTests() => _latency = new CommandLatency(_time, name => name == "lake" ? name : "unknown");

    [Fact]
    public void Every_verb_is_counted_for_itself_and_listings_are_not()
    {
        foreach (Command command in (Command[])[Create(), Step(), Evaluate(), Release(), new ListTasks { CommandId = "c", Tenant = "t", RemainingMs = 1, EnvType = "lake", Split = "train" }]) End(command, Completed());
        _latency.Read().Verbs.Select(verb => (verb.Verb, verb.Count)).ShouldBe([("create", 1), ("step", 1), ("evaluate", 1), ("release", 1)]);
    }

    [Fact]
    public void What_has_no_answer_counts_as_failed_and_what_was_refused_not_at_all()
    {
        End(Step(), Completed());
        End(Step(), new CommandOutcome.Expired("late"));
        End(Step(), outcome: null);
        End(Step(), new CommandOutcome.Rejected(CommandReason.UnknownInstance, "no such"));
        var steps = Steps();
        (steps.Count, steps.Failed, steps.Refused).ShouldBe((3, 2, 1));
    }

    [Fact]
    public void Where_the_time_went_is_said_of_those_whose_worker_accounts_for_it()
    {
        End(Step(), Completed(new CommandTiming(1, 4, 2)), milliseconds: 10);
        End(Step(), Completed(new CommandTiming(3, 6, 4)), milliseconds: 20);
        End(Step(), Completed(new CommandTiming(0, 0, 0)), milliseconds: 500);
        var steps = Steps();
        steps.Mean.ShouldBe(new LatencyParts(Queue: 5, Waiting: 2, Environment: 5, Journal: 3));
        steps.P99!.Value.ShouldBe(500, 62.5);
    }

    [Fact]
    public void A_minute_later_the_figures_are_empty_and_the_course_still_has_it()
    {
        _latency.Read().Seconds.ShouldBe(0);
        End(Step(), Completed(), milliseconds: 100);
        _time.Advance(TimeSpan.FromSeconds(61));
        var reading = _latency.Read();
        reading.Verbs[1].ShouldBe(new VerbLatency("step", 0, 0, 0, null, null, null));
        reading.Seconds.ShouldBeInRange(50, 60);
        reading.Points.Sum(point => point.Steps).ShouldBe(1);
        reading.Points.Count.ShouldBe(30);
        reading.Points.Sum(point => point.Seconds).ShouldBe(61.1, tolerance: 0.3, "it began not before");
        reading.Points[^1].At.ShouldBeInRange(_time.GetUtcNow() - CommandLatency.SlotLength, _time.GetUtcNow());
        (reading.Points[1].At - reading.Points[0].At).ShouldBe(CommandLatency.SlotLength, TimeSpan.FromMilliseconds(1));

        _time.Advance(TimeSpan.FromMinutes(5));
        _latency.Read().Points.Sum(point => point.Steps).ShouldBe(0);
    }

    [Fact]
    public void The_ring_goes_round_and_its_old_counts_are_gone()
    {
        for (var slot = 0; slot < 3 * CommandLatency.Slots; slot++)
        {
            End(Step(), Completed());
            _time.Advance(CommandLatency.SlotLength);
        }

        // The last has nothing yet.
        _latency.Read().Points.Sum(point => point.Steps).ShouldBe(CommandLatency.Slots - 1);
        Steps().Count.ShouldBe(CommandLatency.Recent - 1);
    }

    [Fact]
    public void Creates_and_steps_are_counted_by_tenant_and_by_environment()
    {
        End(Create() with { Tenant = "anna" }, Completed() with { Environment = "lake" }, milliseconds: 50);
        for (var step = 0; step < 3; step++) End(Step() with { Tenant = "berta" }, Completed() with { Environment = "shop" }, milliseconds: 200);
        End(Step() with { Tenant = "berta" }, outcome: null, milliseconds: 10);
        End(Evaluate(), Completed() with { Environment = "lake" });
        End(Step() with { Tenant = "carla" }, new CommandOutcome.Rejected(CommandReason.UnknownInstance, "no such"));
        _time.Advance(CommandLatency.SlotLength);

        var reading = _latency.Read();

        reading.Environments.Select(named => (named.Name, named.Creates, named.Steps)).ShouldBe([("shop", 0, 3), ("unknown", 0, 1), ("lake", 1, 0)]);
        reading.Environments[0].StepP99!.Value.ShouldBe(200, 25);
        reading.Environments[2].CreateP50!.Value.ShouldBe(50, 6.25);
        reading.Environments[2].StepP50.ShouldBeNull();
        reading.Tenants.Select(named => (named.Name, named.Creates, named.Steps)).ShouldBe([("berta", 0, 4), ("anna", 1, 0)]);

        _time.Advance(TimeSpan.FromMinutes(1));
        _latency.Read().Tenants.ShouldBeEmpty();
    }

    [Fact]
    public void A_create_that_nobody_answered_waited_for_the_environment_that_it_names()
    {
        End(Create(), new CommandOutcome.Expired("no slot"));
        End(Create() with { EnvType = "whatever" }, new CommandOutcome.Unknown());

        _latency.Read().Environments.Select(named => named.Name).ShouldBe(["lake", "unknown"]);
    }

    [Fact]
    public void Names_beyond_the_first_hundred_are_counted_together()
    {
        for (var number = 0; number < LatencyNames.Most + 20; number++) End(Step() with { Tenant = $"t{number}" }, Completed(), milliseconds: 0);

        var tenants = _latency.Read().Tenants;

        tenants.Count.ShouldBe(LatencyNames.Most + 1);
        tenants.Single(named => named.Name == LatencyNames.Others).Steps.ShouldBe(20);
    }

    [Fact]
    public void Who_is_counted_apart_stays_so_and_whose_minute_is_over_makes_room()
    {
        for (var number = 0; number < LatencyNames.Most; number++) End(Step() with { Tenant = $"t{number}" }, Completed(), milliseconds: 0);
        for (var slot = 0; slot < CommandLatency.Recent; slot++)
        {
            _time.Advance(CommandLatency.SlotLength);
            End(Step() with { Tenant = "late" }, Completed(), milliseconds: 0);
            End(Step() with { Tenant = "t7" }, Completed(), milliseconds: 0);
        }

        // The minute of all others is over with the last slot, and "late" has a place.
        var tenants = _latency.Read().Tenants;
        tenants.Select(named => (named.Name, named.Steps)).ShouldBe([("t7", CommandLatency.Recent), (LatencyNames.Others, CommandLatency.Recent - 1), ("late", 1)]);
    }

    [Fact]
    public void Many_at_once_lose_no_count()
    {
        Parallel.For(0, 8, _ =>
        {
            for (var command = 0; command < 1000; command++) _latency.Ended(Step(), Completed(), _time.GetTimestamp());
        });
        Steps().Count.ShouldBe(8000);
    }

    private VerbLatency Steps() => _latency.Read().Verbs.Single(verb => verb.Verb == "step");

    private void End(Command command, CommandOutcome? outcome, int milliseconds = 1)
    {
        var began = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        _latency.Ended(command, outcome, began);
    }

    private static CommandOutcome.Completed Completed(CommandTiming? timing = null) => new([], timing ?? new CommandTiming(0.1, 0.1, 0.1));

    private static CreateInstance Create() => new() { CommandId = "c", Tenant = "t", InstanceId = "i", RemainingMs = 1, EnvType = "lake", TaskId = "1" };

    private static StepInstance Step() => new() { CommandId = "c", Tenant = "t", InstanceId = "i", RemainingMs = 1, Action = [] };

    private static EvaluateInstance Evaluate() => new() { CommandId = "c", Tenant = "t", InstanceId = "i", RemainingMs = 1 };

    private static ReleaseInstance Release() => new() { CommandId = "c", Tenant = "t", InstanceId = "i", RemainingMs = 1 };
}
