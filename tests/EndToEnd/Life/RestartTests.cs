using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Life;

/// <summary>What was answered survives the end of the program, and live instances go on.</summary>
public sealed class RestartTests
{
    private static readonly string[] Way = ["right", "down", "left", "up", "right", "right", "down", "left", "up", "down"];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_live_episode_goes_on_as_if_nothing_had_happened(bool killed)
    {
        await using var program = await RunningProgram.StartAsync(Serving("frozenlake", "faulty_evaluate"));
        var caller = program.Caller;
        var undisturbed = await PlayAsync(caller, await caller.CreatedAsync("frozenlake", "16x16-slippery-4", """{"seed":9}"""), Way);

        var opened = await caller.CreateAsync("frozenlake", "16x16-slippery-4", "survivor", """{"seed":9}""");
        var before = await PlayAsync(caller, "survivor", Way[..5]);
        await caller.CreateAsync("faulty_evaluate", "plain", "counted");
        await caller.StepAsync("counted", "count");
        await caller.EvaluateAsync("counted");

        if (killed) await program.KillAsync();
        else await program.EndAsync();
        await program.StartAgainAsync();

        var after = await PlayAsync(caller, "survivor", Way[5..]);
        before.Concat(after).ShouldBe(undisturbed);
        (await caller.CreateAsync("frozenlake", "16x16-slippery-4", "survivor", """{"seed":9}""")).Body.ShouldBe(opened.Body);
        (await caller.EvaluateAsync("survivor")).Data.GetProperty("moves").GetInt32().ShouldBe(Way.Length);
        (await caller.StepAsync("counted", "count")).Data.Observation().ShouldBe("steps 2, evaluations 1");
        await program.EndAsync();
    }

    [Fact]
    public async Task Answers_are_repeated_and_the_released_stay_released()
    {
        await using var program = await RunningProgram.StartAsync(Serving("frozenlake"));
        var caller = program.Caller;
        await caller.CreateAsync("frozenlake", "4x4-0", "a");
        var step = await caller.StepAsync("a", "left", idempotencyKey: "a1");
        await caller.CreateAsync("frozenlake", "4x4-0", "b");
        await caller.ReleaseAsync("b");

        await program.KillAsync();
        await program.StartAgainAsync();

        (await caller.StepAsync("a", "left", idempotencyKey: "a1")).Body.ShouldBe(step.Body);
        (await caller.StepAsync("a", "left")).Data.StepNumber().ShouldBe(2);
        (await caller.StepAsync("b", "left")).DetailOf(HttpStatusCode.NotFound).ShouldContain("was released by its caller");
        await program.EndAsync();
    }

    [Fact]
    public async Task What_cannot_be_replayed_is_lost_and_what_differs_is_diverged()
    {
        await using var program = await RunningProgram.StartAsync(Serving("faulty", "faulty_unreplayable"));
        var caller = program.Caller;
        await caller.CreateAsync("faulty_unreplayable", "plain", "once");
        await caller.StepAsync("once", "count");
        await caller.CreateAsync("faulty", "plain", "fickle");
        await caller.StepAsync("fickle", "differ");

        await program.KillAsync();
        await program.StartAgainAsync();

        (await caller.StepAsync("once", "count")).DetailOf(HttpStatusCode.Gone).ShouldContain("was lost");
        (await caller.StepAsync("fickle", "count")).DetailOf(HttpStatusCode.Gone).ShouldContain("step 1 was ");
        await program.EndAsync();
    }

    [Fact]
    public async Task Actions_and_answers_are_stored_as_the_bytes_they_were()
    {
        await using var program = await RunningProgram.StartAsync(Serving("faulty"));
        var caller = program.Caller;
        await caller.CreateAsync("faulty", "plain", "a");
        const string action = """{ "content" : "echo é\u00e9 \ud83d\udef6" , "role":"assistant", "logprobs" : [-0.10, 1e-3] }""";
        var answer = await caller.PostAsync("/step", $$$"""{"instance_id":"a","messages":{{{action}}},"params":{ "b" : 1.50 }}""");
        await program.EndAsync();

        var row = Journal.Query(program.Database, "SELECT CAST(action AS TEXT), CAST(params AS TEXT), CAST(answer AS TEXT) FROM journal WHERE step = 1").ShouldHaveSingleItem();
        row[0].ShouldBe(action);
        row[1].ShouldBe("""{ "b" : 1.50 }""");
        answer.Body.ShouldBe($$"""{"success":true,"data":{{row[2]}}}""");
    }

    /// <summary>With a lease that no test could wait for: the next start does not, either.</summary>
    private static ProgramSettings Serving(params string[] environments) =>
        ProgramSettings.Serving(environments).With("SANDQUEUE_Worker__Lease", "00:10:00");

    private static async Task<List<string>> PlayAsync(Caller caller, string instance, IEnumerable<string> moves)
    {
        var answers = new List<string>();
        foreach (var move in moves) answers.Add((await caller.StepAsync(instance, $"<action>{move}</action>")).Data.GetRawText());
        return answers;
    }
}
