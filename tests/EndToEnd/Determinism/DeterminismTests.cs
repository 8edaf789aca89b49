using System.Net;
using System.Text.Json;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Determinism;

/// <summary>The command that plays recorded episodes again, on the journal of a program that runs.</summary>
public sealed class DeterminismTests
{
    [Theory]
    [InlineData("frozenlake", "4x4-slippery-7")]
    [InlineData("countdown", null)]
    [InlineData("bfcl", null)]
    [InlineData("webshop", null)]
    public async Task The_built_in_environments_repeat_every_observation(string environment, string? task)
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving(environment));
        task ??= (await program.Caller.PostAsync("/get_env_profile", $$"""{"env_type":"{{environment}}"}""")).Data[0].GetString()!;
        for (var episode = 0; episode < 3; episode++)
        {
            var instance = $"recorded-{episode}";
            (await program.Caller.CreateAsync(environment, task, instance)).Status.ShouldBe(HttpStatusCode.OK);
            foreach (var action in (string[])["up", "<action>left</action>", "search[red shoes]", "<answer>1 + 1</answer>"]) await program.Caller.StepAsync(instance, action);
        }

        var (code, output, errors) = await program.RunBesideAsync("determinism", environment, "--times", "2");

        code.ShouldBe(0, errors);
        using var share = JsonDocument.Parse(output.Split('\n').Single(line => line.StartsWith('{')));
        share.RootElement.GetProperty("episodes").GetInt32().ShouldBe(3);
        share.RootElement.GetProperty("observations").GetInt32().ShouldBeGreaterThanOrEqualTo(12);
        share.RootElement.GetProperty("share").GetDouble().ShouldBe(1);
    }

    [Fact]
    public async Task What_does_not_repeat_is_shown()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));
        var instance = await program.Caller.CreatedAsync("faulty", "plain");
        await program.Caller.StepAsync(instance, "count");
        await program.Caller.StepAsync(instance, "differ");

        var (code, output, _) = await program.RunBesideAsync("determinism", "faulty", "--times", "1");

        code.ShouldBe(1);
        output.ShouldContain("\"observations\":3,\"identical\":2");
        output.ShouldContain("step 2 was");
    }

    [Fact]
    public async Task Without_episodes_it_says_so()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var (code, _, errors) = await program.RunBesideAsync("determinism", "frozenlake");
        code.ShouldBe(1);
        errors.ShouldContain("no episode of 'frozenlake'");
    }
}
