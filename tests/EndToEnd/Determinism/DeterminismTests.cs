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
    public async Task A_server_that_exits_or_hangs_is_shown_as_the_environments_failure()
    {
        var marks = Directory.CreateTempSubdirectory("sandqueue-marks-");
        try
        {
            await using var program = await RunningProgram.StartAsync(
                ProgramSettings.Serving("faulty").With("SANDQUEUE_Worker__Environments__faulty__CallTimeout", "00:00:06"));
            var parameters = $$"""{"marks":"{{marks.FullName}}"}""";
            foreach (var action in (string[])["crash-once a", "hang-once b", "throw", "crash"])
            {
                var instance = await program.Caller.CreatedAsync("faulty", "plain", parameters);
                await program.Caller.StepAsync(instance, "count");
                await program.Caller.StepAsync(instance, action);
                await program.Caller.StepAsync(instance, "count");
            }

            // What happened once happens once more.
            foreach (var mark in marks.GetFiles()) mark.Delete();
            var (code, output, errors) = await program.RunBesideAsync("determinism", "faulty", "--times", "2");

            code.ShouldBe(1, errors);
            output.ShouldContain("\"episodes\":4,\"times\":2,\"observations\":28,\"identical\":24,\"failures\":3,");
            var failures = output.Split('\n').Where(line => line.StartsWith("environment 'faulty', task 'plain', instance '", StringComparison.Ordinal)).ToList();
            failures.Count.ShouldBe(3);
            failures[0].ShouldContain("step 2: when it was recorded, the environment did not survive it, twice");
            failures[1].ShouldContain("replay 1, step 2: the environment did not answer within 6 s. It answered this when it was recorded, so this is a failure of the environment");
            failures[2].ShouldContain("replay 1, step 2: the environment's container exited");
            failures[2].ShouldContain("Its server printed last: ");
        }
        finally
        {
            marks.Delete(recursive: true);
        }
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
