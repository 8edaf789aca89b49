using SandQueue.Programs;

namespace SandQueue.EndToEnd.Load;

public sealed class ManyEpisodesTests
{
    private const int Episodes = 200;
    private const int Steps = 20;

    [Fact]
    public async Task Two_hundred_episodes_at_once_get_every_step_once_and_in_order()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        await Task.WhenAll(Enumerable.Range(0, Episodes).Select(number => PlayAsync(program.Caller, number)));

        Journal.Query(program.Database, "SELECT count(*), count(DISTINCT episode_id), max(step) FROM journal WHERE step > 0")
            .ShouldHaveSingleItem().ShouldBe([(long)Episodes * Steps, (long)Episodes, (long)Steps]);
        Journal.Query(program.Database, "SELECT count(*) FROM instances WHERE ended_at IS NULL").ShouldHaveSingleItem().ShouldBe([0L]);
        await program.EndAsync();
    }

    /// <summary>Bumps into the edge of a lake that is not slippery, so that no episode ends early.</summary>
    private static async Task PlayAsync(Caller caller, int number)
    {
        var instance = await caller.CreatedAsync("frozenlake", $"8x8-{number}");
        for (var step = 1; step <= Steps; step++)
        {
            var taken = (await caller.StepAsync(instance, step % 2 == 0 ? "<action>left</action>" : "<action>up</action>")).Data;
            taken.StepNumber().ShouldBe(step);
            taken.GetProperty("is_terminated").GetBoolean().ShouldBeFalse();
        }

        (await caller.EvaluateAsync(instance)).Data.GetProperty("moves").GetInt32().ShouldBe(Steps);
        (await caller.ReleaseAsync(instance)).Json.GetProperty("success").GetBoolean().ShouldBeTrue();
    }
}
