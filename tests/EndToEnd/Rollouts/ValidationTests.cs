using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Rollouts;

/// <summary>The validation of tasks against the real program and its environment servers.</summary>
public sealed class ValidationTests
{
    [Theory]
    [InlineData("bfcl", "all", 60)]
    [InlineData("webshop", "all", 20)]
    [InlineData("frozenlake", "val", 20)]
    [InlineData("countdown", "val", 20)]
    public async Task Tasks_of_ours_are_sound(string environment, string split, int sample)
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving(environment));

        var lines = await ValidateAsync(program, environment, $$"""{"split":"{{split}}","sample":{{sample}},"seed":3}""");

        foreach (var line in lines[..^1])
        {
            line.GetProperty("failed").GetArrayLength().ShouldBe(0, line.GetRawText());
            line.GetProperty("gold").GetDouble().ShouldBe(line.GetProperty("maximum").GetDouble());
            line.GetProperty("nothing").GetDouble().ShouldBe(0);
            line.GetProperty("repeat_equal").GetBoolean().ShouldBeTrue();
        }

        var summary = lines[^1].GetProperty("summary");
        (summary.GetProperty("tasks").GetInt32(), summary.GetProperty("failed").GetInt32()).ShouldBe((lines.Length - 1, 0));
        lines[..^1].Select(line => line.GetProperty("task_id").GetString()).ShouldBeUnique();
        var living = await program.Caller.GetAsync("/v1/instances?state=live");
        living.Json.GetProperty("instances").GetArrayLength().ShouldBe(0, "all were released");
    }

    [Fact]
    public async Task The_same_seed_takes_the_same_sample()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("countdown"));
        var one = await TasksAsync(program, 5);
        (await TasksAsync(program, 5)).ShouldBe(one, ignoreOrder: true);
        (await TasksAsync(program, 6)).ShouldNotBe(one);
    }

    [Fact]
    public async Task An_environment_without_solutions_fails_task_by_task_and_says_why()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));

        var lines = await ValidateAsync(program, "faulty", """{"sample":1}""");

        lines[0].GetProperty("failed").EnumerateArray().Select(check => check.GetString()).ShouldContain("gold");
        lines[0].GetProperty("detail").GetString()!.ShouldContain("the environment knows no solution");
        lines[^1].GetProperty("summary").GetProperty("failures")[0].GetProperty("check").GetString().ShouldBe("gold");
    }

    [Theory]
    [InlineData("nowhere", "{}", "nowhere")]
    [InlineData("countdown", """{"split":"nope"}""", "nope")]
    [InlineData("countdown", """{"sample":0}""", "sample must be an integer above 0, not 0")]
    [InlineData("countdown", """{"concurrency":100}""", "concurrency must be an integer from 1 to 64, not 100")]
    [InlineData("countdown", """{"spilt":"val"}""", "unknown member 'spilt'")]
    public async Task A_wrong_request_is_refused_before_anything_is_played(string environment, string body, string detail)
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("countdown"));
        var answer = await program.Caller.PostAsync($"/v1/environments/{environment}/validations", body);
        answer.Status.ShouldBe(HttpStatusCode.BadRequest, answer.Body);
        answer.Json.GetProperty("detail").GetString()!.ShouldContain(detail);
    }

    private static async Task<string[]> TasksAsync(RunningProgram program, int seed)
    {
        var lines = await ValidateAsync(program, "countdown", $$"""{"split":"train","sample":3,"seed":{{seed}}}""");
        return [.. lines[..^1].Select(line => line.GetProperty("task_id").GetString()!)];
    }

    private static async Task<JsonElement[]> ValidateAsync(RunningProgram program, string environment, string body)
    {
        var answer = await program.Caller.PostAsync($"/v1/environments/{environment}/validations", body);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        return [.. answer.Body.TrimEnd('\n').Split('\n').Select(line => JsonElement.Parse(line))];
    }
}
