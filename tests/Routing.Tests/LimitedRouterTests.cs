using Microsoft.Extensions.DependencyInjection;
using NSubstitute;
using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Routing.Limits;
using SandQueue.Routing.Observation.Latency;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;

namespace SandQueue.Routing.Tests;

public sealed class LimitedRouterTests : RouterTest
{
    private static readonly CommandOutcome Done = new CommandOutcome.Completed([], new CommandTiming(0, 0, 0));
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ICommandRouter _inner = Substitute.For<ICommandRouter>();
    private readonly CreateTurns _turns = new();
    private readonly List<TaskCompletionSource<CommandOutcome>> _running = [];

    [Fact]
    public async Task Steps_above_a_seconds_worth_are_refused_until_a_second_has_brought_more()
    {
        _inner.SendAsync(Arg.Any<StepInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        var router = NewRouter(new TenantLimits { StepsPerSecond = 10 });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => router.SendAsync(Step("a"), Cancel)));
        outcomes.Count(outcome => outcome == Done).ShouldBe(10);
        outcomes[^1].ShouldBe(new CommandOutcome.Rejected(CommandReason.OverLimit, "this tenant takes 10 steps a second at this gateway, and may take no more (Gateway:Limits:StepsPerSecond); send it again in a second"));
        (await router.SendAsync(Step("b"), Cancel)).ShouldBe(Done, "another tenant has limits of its own");

        Store.Time.Advance(TimeSpan.FromSeconds(0.5));
        (await Task.WhenAll(Enumerable.Range(0, 15).Select(_ => router.SendAsync(Step("a"), Cancel)))).Count(outcome => outcome == Done).ShouldBe(5);
    }

    [Fact]
    public async Task What_every_caller_waited_is_counted_and_what_was_refused_apart_from_it()
    {
        var latency = Services.GetRequiredService<CommandLatency>();
        var before = latency.Read().Verbs;
        _inner.SendAsync(Arg.Any<StepInstance>(), Arg.Any<CancellationToken>()).Returns(_ =>
        {
            Store.Time.Advance(TimeSpan.FromMilliseconds(100));
            return new CommandOutcome.Completed([], new CommandTiming(1, 1, 1));
        });
        _inner.CreateAsync(Arg.Any<CreateInstance>(), Arg.Any<CancellationToken>()).Returns<CommandOutcome>(_ => throw new OperationCanceledException());
        var router = NewRouter(new TenantLimits { StepsPerSecond = 1 });

        await router.SendAsync(Step("waits"), Cancel);
        await router.SendAsync(Step("waits"), Cancel);
        await Should.ThrowAsync<OperationCanceledException>(router.CreateAsync(Create("waits"), Cancel));

        var (create, step) = (latency.Read().Verbs[0], latency.Read().Verbs[1]);
        (step.Count - before[1].Count, step.Refused - before[1].Refused, step.Failed - before[1].Failed).ShouldBe((1, 1, 0));
        step.P99!.Value.ShouldBe(100, tolerance: 12.5);
        (create.Count - before[0].Count, create.Failed - before[0].Failed).ShouldBe((1, 1));
    }

    [Fact]
    public async Task A_tenant_may_have_limits_of_its_own_and_what_they_leave_out_is_as_for_everyone()
    {
        _inner.SendAsync(Arg.Any<StepInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        var router = NewRouter(new TenantLimits { StepsPerSecond = 2, Tenants = { ["a"] = new OwnLimits { StepsPerSecond = 4 }, ["free"] = new OwnLimits { StepsPerSecond = 0 }, ["other"] = new OwnLimits { LiveInstances = 1 } } });

        foreach (var (tenant, taken) in ((string, int)[])[("a", 4), ("free", 10), ("other", 2), ("b", 2)])
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => router.SendAsync(Step(tenant), Cancel)));
            outcomes.Count(outcome => outcome == Done).ShouldBe(taken, tenant);
        }
    }

    [Fact]
    public async Task Commands_under_way_are_counted_until_they_end_however_they_end()
    {
        var router = NewRouter(new TenantLimits { CommandsAtOnce = 2 });
        var (first, second) = (SendHeld(router), SendHeld(router));

        var refused = (await router.SendAsync(Step("a"), Cancel)).ShouldBeOfType<CommandOutcome.Rejected>();
        refused.Reason.ShouldBe(CommandReason.OverLimit);
        refused.Detail.ShouldContain("has 2 commands under way at this gateway, and may have no more (Gateway:Limits:CommandsAtOnce)");

        _running[0].SetResult(Done);
        _running[1].SetException(new OperationCanceledException());
        (await first).ShouldBe(Done);
        await Should.ThrowAsync<OperationCanceledException>(second);
        _ = (SendHeld(router), SendHeld(router));
        _running.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Live_instances_are_counted_in_the_database_and_with_those_that_are_being_made()
    {
        _inner.CreateAsync(Arg.Any<CreateInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        var router = NewRouter(new TenantLimits { LiveInstances = 3 });
        await ClaimAsync("one");
        await ClaimAsync("two");

        (await router.CreateAsync(Create("bfcl"), Cancel)).ShouldBe(Done);
        var refused = (await router.CreateAsync(Create("bfcl"), Cancel)).ShouldBeOfType<CommandOutcome.Rejected>();
        refused.Detail.ShouldBe("this tenant has 3 live instances, and may have no more (Gateway:Limits:LiveInstances); release some, and send it again");
        (await router.CreateAsync(Create("bfcl") with { Tenant = "b" }, Cancel)).ShouldBe(Done);

        // The substitute has made none, so the next count finds room again.
        Store.Time.Advance(TimeSpan.FromSeconds(1.1));
        (await router.CreateAsync(Create("bfcl"), Cancel)).ShouldBe(Done);
    }

    [Fact]
    public async Task Whoever_releases_an_instance_may_make_another_at_once()
    {
        _inner.CreateAsync(Arg.Any<CreateInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        _inner.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).Returns(Done, new CommandOutcome.Rejected(CommandReason.Released, "it has ended"));
        var router = NewRouter(new TenantLimits { LiveInstances = 1 });
        var release = new ReleaseInstance { CommandId = NewId(), Tenant = "a", RemainingMs = 1000, InstanceId = "one" };
        await ClaimAsync("one");
        (await router.CreateAsync(Create("bfcl"), Cancel)).ShouldNotBe(Done);

        (await router.SendAsync(release, Cancel)).ShouldBe(Done);
        (await router.CreateAsync(Create("bfcl"), Cancel)).ShouldBe(Done);
        (await router.SendAsync(release with { CommandId = NewId() }, Cancel)).ShouldNotBe(Done);
        (await router.CreateAsync(Create("bfcl"), Cancel)).ShouldNotBe(Done, "what ended before made no room");
    }

    [Fact]
    public async Task A_create_behind_others_of_its_tenant_waits_for_its_turn_with_the_time_that_is_left()
    {
        Hold();
        var router = NewRouter(new TenantLimits { CreatesAtOnce = 1 });
        var first = router.CreateAsync(Create("bfcl"), Cancel);
        var second = router.CreateAsync(Create("bfcl"), Cancel);
        await WaitsAsync(running: 1);
        var other = router.CreateAsync(Create("bfcl") with { Tenant = "b" }, Cancel);
        await WaitsAsync(running: 2);

        Store.Time.Advance(TimeSpan.FromSeconds(5));
        _running[0].SetResult(Done);
        (await first.WaitAsync(Limit, Cancel)).ShouldBe(Done);
        await Until.TrueAsync("the second is sent", () => Running == 3, Limit);

        _running[2].SetResult(Done);
        (await second.WaitAsync(Limit, Cancel)).ShouldBe(Done);
        var sent = _inner.ReceivedCalls().Select(call => call.GetArguments()[0]).OfType<CreateInstance>().ToList();
        sent[2].RemainingMs.ShouldBe(15_000);
        _running[1].SetResult(Done);
        await other;
    }

    [Fact]
    public async Task One_that_has_its_turn_at_once_is_sent_as_it_is_however_little_time_it_has()
    {
        _inner.CreateAsync(Arg.Any<CreateInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        var create = Create("bfcl") with { RemainingMs = 1 };

        (await NewRouter(new TenantLimits()).CreateAsync(create, Cancel)).ShouldBe(Done);

        await _inner.Received(1).CreateAsync(create, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task One_whose_turn_does_not_come_in_time_is_not_sent_and_never_takes_effect()
    {
        Hold();
        var router = NewRouter(new TenantLimits { CreatesAtOnce = 1 });
        _ = router.CreateAsync(Create("bfcl"), Cancel);
        var waiting = Create("bfcl");
        var late = router.CreateAsync(waiting, Cancel);
        await WaitsAsync(running: 1);

        Store.Time.Advance(TimeSpan.FromSeconds(20));

        (await late.WaitAsync(Limit, Cancel)).ShouldBeOfType<CommandOutcome.Rejected>().Detail.ShouldStartWith("no capacity: ");
        _running.Count.ShouldBe(1);
        (await EndAsync(waiting))!.Reason.ShouldBe(CommandReason.NoCapacity, "a copy that another gateway sent may still wait in the queue");
    }

    [Fact]
    public async Task One_that_took_the_last_place_and_is_sent_again_gets_its_answer()
    {
        _inner.CreateAsync(Arg.Any<CreateInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        var router = NewRouter(new TenantLimits { LiveInstances = 1 });
        var made = await MakeAsync();

        (await router.CreateAsync(made, Cancel)).ShouldBe(Done);
        (await router.CreateAsync(Create("bfcl"), Cancel)).ShouldBeOfType<CommandOutcome.Rejected>().Reason.ShouldBe(CommandReason.OverLimit);
    }

    [Fact]
    public async Task One_that_was_executed_before_waits_behind_nobody()
    {
        Hold();
        var router = NewRouter(new TenantLimits { CreatesAtOnce = 1 });
        var made = await MakeAsync();
        _ = router.CreateAsync(Create("bfcl"), Cancel);
        await Until.TrueAsync("the first is sent", () => Running == 1, Limit);

        var again = router.CreateAsync(made, Cancel);

        await Until.TrueAsync("it is sent on", () => Running == 2, Limit);
        _running[1].SetResult(Done);
        (await again.WaitAsync(Limit, Cancel)).ShouldBe(Done);
    }

    [Fact]
    public async Task A_tenant_whose_episodes_fill_its_journal_neither_creates_nor_steps_and_what_it_did_is_answered()
    {
        _inner.CreateAsync(Arg.Any<CreateInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        _inner.SendAsync(Arg.Any<StepInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        _inner.SendAsync(Arg.Any<EvaluateInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        _inner.SendAsync(Arg.Any<ReleaseInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        var router = NewRouter(new TenantLimits { Tenants = { ["a"] = new OwnLimits { JournalBytes = 100 } } });
        var made = await MakeAsync(bytes: 60);
        var taken = Step("a") with { InstanceId = made.InstanceId, Action = "1"u8.ToArray() };
        (await router.SendAsync(taken, Cancel)).ShouldBe(Done);
        await TakeAsync(taken, bytes: 40);

        Store.Time.Advance(TimeSpan.FromSeconds(31));
        await Until.TrueAsync("the new sum counts", async () => await router.SendAsync(Step("a"), Cancel) != Done, Limit);
        var refused = (await router.SendAsync(Step("a"), Cancel)).ShouldBeOfType<CommandOutcome.Rejected>();
        refused.ShouldBe(new CommandOutcome.Rejected(
            CommandReason.OverLimit,
            "this tenant has 101 bytes in the journal, and may have no more than 100 (Gateway:Limits:JournalBytes); release what is done, and send it again once old episodes are removed (Worker:KeepEpisodes), or have the limit raised") { RetryAfter = TimeSpan.FromMinutes(1) });
        (await router.CreateAsync(Create("bfcl"), Cancel)).ShouldBe(refused);

        (await router.CreateAsync(made, Cancel)).ShouldBe(Done, "it was made");
        (await router.SendAsync(taken, Cancel)).ShouldBe(Done, "it was taken");
        (await router.SendAsync(Step("a") with { InstanceId = made.InstanceId, Action = "1"u8.ToArray(), ExpectedStep = 1 }, Cancel)).ShouldBe(Done, "it was taken, as its number says");
        (await router.SendAsync(new EvaluateInstance { CommandId = NewId(), Tenant = "a", RemainingMs = 1000, InstanceId = made.InstanceId }, Cancel)).ShouldBe(Done, "what is done can be scored");
        (await router.SendAsync(new ReleaseInstance { CommandId = NewId(), Tenant = "a", RemainingMs = 1000, InstanceId = made.InstanceId }, Cancel)).ShouldBe(Done, "and released");
        (await router.SendAsync(Step("b"), Cancel)).ShouldBe(Done, "another tenant has limits of its own");
    }

    [Fact]
    public async Task Bytes_are_added_up_beside_the_commands_and_only_where_there_is_a_limit()
    {
        _inner.SendAsync(Arg.Any<StepInstance>(), Arg.Any<CancellationToken>()).Returns(Done);
        var router = NewRouter(new TenantLimits { Tenants = { ["a"] = new OwnLimits { JournalBytes = 100 } } });
        (await router.SendAsync(Step("a"), Cancel)).ShouldBe(Done);
        await MakeAsync(bytes: 100);

        Store.Time.Advance(TimeSpan.FromSeconds(9));
        (await router.SendAsync(Step("a"), Cancel)).ShouldBe(Done, "the sum is not ten seconds old");
        Store.Time.Advance(TimeSpan.FromSeconds(2));
        (await router.SendAsync(Step("a"), Cancel)).ShouldBe(Done, "no step waits for a new one");
        await Until.TrueAsync("the new sum counts", async () => await router.SendAsync(Step("a"), Cancel) != Done, Limit);

        // A database that is away refuses nobody what the last sum did not, and a tenant without a limit needs none.
        await Store.BreakAsync("instances");
        Store.Time.Advance(TimeSpan.FromSeconds(60));
        (await router.SendAsync(Step("a"), Cancel)).ShouldBeOfType<CommandOutcome.Rejected>();
        (await router.SendAsync(Step("b"), Cancel)).ShouldBe(Done);
        Store.Time.Advance(TimeSpan.FromMinutes(5));
        (await router.SendAsync(Step("a"), Cancel)).ShouldBe(Done, "a sum that is minutes old refuses nobody");
        (await NewRouter(new TenantLimits { JournalBytes = 1 }).SendAsync(Step("a"), Cancel)).ShouldBe(Done, "nothing is known of it");
        await Store.RestoreAsync("instances");
    }

    private int Running
    {
        get
        {
            lock (_running) return _running.Count;
        }
    }

    /// <summary>The count of a tenant's instances comes from the database, so nothing is sent or waits at once.</summary>
    private Task WaitsAsync(int running) => Until.TrueAsync("one waits for its turn", () => Running == running && _turns.Waiting("a", "bfcl") == 1, Limit);

    /// <summary>A Create that was executed.</summary>
    private async Task<CreateInstance> MakeAsync(int bytes = 0)
    {
        var made = Create("bfcl");
        var row = await ClaimAsync(made.InstanceId);
        var entry = new JournalEntry { Tenant = "a", CommandId = made.CommandId, EpisodeId = row.EpisodeId, Kind = JournalKind.Create, Step = 0, End = CommandEnd.Completed, Answer = new byte[bytes] };
        (await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row)), Cancel)).ShouldBe(JournalVerdict.Committed);
        return made;
    }

    /// <summary>Writes the row of a step as its worker would.</summary>
    private async Task TakeAsync(StepInstance step, int bytes)
    {
        var row = (await Store.Get<InstanceDirectory>().FindLivingAsync("a", step.InstanceId, Cancel))!;
        var entry = new JournalEntry
        {
            Tenant = "a", CommandId = step.CommandId, EpisodeId = row.EpisodeId, Kind = JournalKind.Step, Step = 1, End = CommandEnd.Completed, Action = step.Action, Answer = new byte[bytes],
        };
        (await Store.Get<EpisodeJournal>().AppendAsync(new JournalAppend(entry, GatewayStore.Progress(row)), Cancel)).ShouldBe(JournalVerdict.Committed);
    }

    private async Task<Instance> ClaimAsync(string name)
    {
        var row = new Instance { Tenant = "a", InstanceId = name, EnvType = "bfcl", TaskId = "t", Params = [], State = InstanceState.Live, Owner = "w1", Epoch = 1 };
        (await Store.Get<InstanceDirectory>().ClaimAsync(row, Cancel)).ShouldBeNull();
        return row;
    }

    private LimitedRouter NewRouter(TenantLimits limits) => new(
        _inner, limits, new TenantUse(limits, Store.Get<InstanceDirectory>(), Store.Time), new JournalUse(limits, Store.Get<InstanceDirectory>(), Store.Time), _turns, Store.Get<CommandEnds>(), Services.GetRequiredService<CommandExpiry>(), Services.GetRequiredService<FleetView>(), Services.GetRequiredService<CommandLatency>(), Store.Time);

    private static StepInstance Step(string tenant) => new() { CommandId = NewId(), Tenant = tenant, RemainingMs = 1000, InstanceId = "i", Action = [] };

    private void Hold() => _inner.CreateAsync(Arg.Any<CreateInstance>(), Arg.Any<CancellationToken>()).Returns(_ => Held());

    private Task<CommandOutcome> SendHeld(LimitedRouter router)
    {
        _inner.SendAsync(Arg.Any<StepInstance>(), Arg.Any<CancellationToken>()).Returns(_ => Held());
        return router.SendAsync(Step("a"), Cancel);
    }

    private Task<CommandOutcome> Held()
    {
        var running = new TaskCompletionSource<CommandOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_running) _running.Add(running);
        return running.Task;
    }
}
