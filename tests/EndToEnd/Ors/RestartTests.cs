using System.Net;
using SandQueue.Programs;
using SandQueue.Testing.OpenEnv;

namespace SandQueue.EndToEnd.Ors;

/// <summary>What a program that was killed knew of a session, the journal knows.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Sessions_go_on_where_they_were_after_a_kill()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        using var client = await OrsClient.OpenAsync(program.Address);
        (await client.PostAsync("/create", """{"env_name":"frozenlake","task_spec":{"task_id":"4x4-1000000"}}""")).Status.ShouldBe(HttpStatusCode.OK);
        var first = await client.CallAsync("frozenlake", """{"name":"move","input":{"direction":"down"}}""");
        const string Reset = """{"task_id":"4x4-1000000","instance_id":"durable"}""";
        using var before = await FrameClient.ConnectAsync(program.Address, "frozenlake");
        await before.ResetAsync(Reset);
        await before.StepAsync("""{"message":"<action>down</action>","step":1}""");

        await program.KillAsync();
        await program.StartAgainAsync();

        var again = await client.CallAsync("frozenlake", $$$"""{"name":"move","input":{"direction":"down"},"task_id":"{{{first.TaskId}}}"}""");
        again.Result!.Value.GetRawText().ShouldBe(first.Result!.Value.GetRawText());
        (await client.GetAsync("/frozenlake/prompt")).Json[1].Text("text").ShouldStartWith("A . H .");
        (await client.OutputAsync("frozenlake", """{"name":"move","input":{"direction":"right"}}""")).GetProperty("metadata").GetProperty("step").GetInt32().ShouldBe(2);

        using var after = await FrameClient.ConnectAsync(program.Address, "frozenlake");
        (await after.ResetAsync(Reset)).Observed().GetProperty("step").GetInt32().ShouldBe(1);
        (await after.StepAsync("""{"message":"<action>down</action>","step":1}""")).Observed().Text("text").ShouldStartWith("You go down.");
        (await after.StepAsync("""{"message":"<action>right</action>","step":2}""")).Observed().Text("text").ShouldStartWith("You go right.");
    }
}
