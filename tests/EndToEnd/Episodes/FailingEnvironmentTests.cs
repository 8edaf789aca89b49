using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Episodes;

/// <summary>What a caller sees when an environment fails: one line, no reward, and an episode that goes on where it can.</summary>
public sealed class FailingEnvironmentTests
{
    [Fact]
    public async Task A_step_that_throws_fails_without_a_reward_and_is_not_counted()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));
        var caller = program.Caller;
        var instance = await caller.CreatedAsync("faulty", "plain");
        await caller.StepAsync(instance, "count");

        var failed = await caller.StepAsync(instance, "throw");
        failed.DetailOf(HttpStatusCode.InternalServerError).ShouldContain("not recorded");
        failed.Json.GetProperty("reward").ValueKind.ShouldBe(JsonValueKind.Null);
        failed.Json.GetProperty("valid").GetBoolean().ShouldBeFalse();
        failed.Json.Text("cause").ShouldBe("infrastructure");

        var next = (await caller.StepAsync(instance, "count")).Data;
        next.StepNumber().ShouldBe(2);
        next.Observation().ShouldContain("2");

        (await caller.StepAsync(instance, "reward NaN")).DetailOf(HttpStatusCode.InternalServerError);
        (await caller.StepAsync(instance, "refuse")).DetailOf(HttpStatusCode.BadRequest);
        (await caller.StepAsync(instance, "count")).Data.StepNumber().ShouldBe(3);
        await program.EndAsync();
    }

    [Fact]
    public async Task A_step_that_kills_the_environment_twice_is_an_observation_and_the_episode_goes_on_from_before_it()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));
        var caller = program.Caller;
        var instance = await caller.CreatedAsync("faulty", "plain");
        await caller.StepAsync(instance, "count");

        var stopped = (await caller.StepAsync(instance, "crash")).Data;

        stopped.StepNumber().ShouldBe(2);
        stopped.Observation().ShouldContain("did not survive");
        stopped.GetProperty("reward").GetDouble().ShouldBe(0);
        stopped.GetProperty("info").GetProperty("cause").GetString().ShouldBe("agent");
        var next = (await caller.StepAsync(instance, "count")).Data;
        next.StepNumber().ShouldBe(3);
        next.Observation().ShouldContain("steps 2");
        await program.EndAsync();
    }

    [Theory]
    [InlineData("fail-create", HttpStatusCode.InternalServerError)]
    [InlineData("refuse-create", HttpStatusCode.BadRequest)]
    [InlineData("crash-create", HttpStatusCode.InternalServerError)]
    public async Task An_instance_that_could_not_be_made_is_not_there(string task, HttpStatusCode status)
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));
        var caller = program.Caller;
        (await caller.CreateAsync("faulty", task, "broken")).DetailOf(status);
        (await caller.StepAsync("broken", "count")).DetailOf(HttpStatusCode.NotFound);
        (await caller.CreateAsync("faulty", "plain", "broken")).Status.ShouldBe(HttpStatusCode.OK);
        (await caller.StepAsync("broken", "count")).Status.ShouldBe(HttpStatusCode.OK);
    }
}
