using System.Net;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Sweep;

public sealed class IdleInstancesTests
{
    private const string Living = "SELECT instance_id FROM instances WHERE ended_at IS NULL ORDER BY 1";
    private const string Ended = "SELECT instance_id, end_detail FROM instances WHERE ended_at IS NOT NULL ORDER BY 1";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static ProgramSettings Short(params string[] environments) => ProgramSettings.Serving(environments)
        .With("SANDQUEUE_Worker__SweepEvery", "00:00:00.500")
        .With("SANDQUEUE_Worker__ReleaseAfter", "00:00:02");

    [Fact]
    public async Task Are_released_with_a_reason_that_a_later_step_tells_and_one_that_fails_stops_nothing()
    {
        await using var program = await RunningProgram.StartAsync(Short("faulty"));
        var caller = program.Caller;
        foreach (var name in (string[])["broken", "idle"]) await caller.CreateAsync("faulty", "plain", name);
        await caller.StepAsync("broken", "fail-release");
        await SweptAsync(program);

        // The sweep lives on after the failure.
        await caller.CreateAsync("faulty", "plain", "later");
        await SweptAsync(program);

        var ended = Journal.Query(program.Database, Ended);
        ended.Select(row => row[0]).ShouldBe(["broken", "idle", "later"]);
        ended.ShouldAllBe(row => (string)row[1]! == "was released as idle (unused for more than 2 s)");
        foreach (var name in (string[])["broken", "idle", "later"])
        {
            (await caller.StepAsync(name, "count")).DetailOf(HttpStatusCode.NotFound).ShouldMatch(
                $"^instance '{name}' was released as idle \\(unused for more than 2 s\\) at 20[0-9-]{{8}}T[0-9:]{{8}}Z$");
            (await caller.ReleaseAsync(name)).Json.GetProperty("success").GetBoolean().ShouldBeFalse();
        }

        (await caller.CreateAsync("faulty", "plain", "idle")).Status.ShouldBe(HttpStatusCode.OK);
        await program.EndAsync();
    }

    [Fact]
    public async Task Are_parked_first_and_go_on_with_their_next_command()
    {
        await using var program = await RunningProgram.StartAsync(
            ProgramSettings.Serving("faulty").With("SANDQUEUE_Worker__SweepEvery", "00:00:00.500").With("SANDQUEUE_Worker__ParkAfter", "00:00:01"));
        var instance = await program.Caller.CreatedAsync("faulty", "plain");
        (await program.Caller.StepAsync(instance, "count")).Status.ShouldBe(HttpStatusCode.OK);
        const string Parked = "SELECT instance_id FROM instances WHERE state = 3 AND owner IS NULL AND ended_at IS NULL";

        await Until.TrueAsync("it is parked", () => Journal.Query(program.Database, Parked).Count == 1, Limit);

        // More than none where it was parked before its first step too.
        var before = Recoveries(program);
        var answer = await program.Caller.StepAsync(instance, "count");
        (answer.Data.StepNumber(), answer.Data.GetProperty("state")[0].GetProperty("content").GetString()).ShouldBe((2, "steps 2, evaluations 0"));
        Recoveries(program).ShouldBe(before + 1);
    }

    [Fact]
    public async Task Do_not_include_one_whose_step_runs_or_has_just_ended()
    {
        await using var program = await RunningProgram.StartAsync(Short("faulty").With("SANDQUEUE_Worker__ReleaseAfter", "00:00:04"));
        var instance = await program.Caller.CreatedAsync("faulty", "plain");
        (await program.Caller.StepAsync(instance, "slow 8s")).Status.ShouldBe(HttpStatusCode.OK);
        (await program.Caller.StepAsync(instance, "count")).Data.StepNumber().ShouldBe(2);
    }

    [Fact]
    public async Task Of_a_program_that_was_killed_are_released_after_the_next_start()
    {
        await using var program = await RunningProgram.StartAsync(
            Short("frozenlake").With("SANDQUEUE_Worker__ReleaseAfter", "00:00:05").With("SANDQUEUE_Worker__Lease", "00:00:03"));
        await program.Caller.CreateAsync("frozenlake", "4x4-0", "orphan");
        await program.KillAsync();
        await program.StartAgainAsync();
        await SweptAsync(program);
        (await program.Caller.StepAsync("orphan", "left")).DetailOf(HttpStatusCode.NotFound).ShouldContain("was released as idle");
    }

    private static long Recoveries(RunningProgram program) => (long)Journal.Query(program.Database, "SELECT recoveries FROM instances").Single()[0]!;

    private static Task SweptAsync(RunningProgram program) =>
        Until.TrueAsync("idle instances are released", () => Journal.Query(program.Database, Living).Count == 0, Limit);
}
