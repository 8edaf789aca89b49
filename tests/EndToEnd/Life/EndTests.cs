using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Life;

/// <summary>The program ends in time and leaves nothing behind; <see cref="RunningProgram.EndAsync"/> asserts it.</summary>
[Collection(nameof(TimedAlone))]
public sealed class EndTests
{
    /// <summary>Long enough for a step to reach its environment.</summary>
    private static readonly TimeSpan Begun = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan FiveSeconds = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FrozenLimit = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGTERM)]
    public async Task Within_five_seconds(PosixSignal signal)
    {
        await FiveSecondsAsync(async () =>
        {
            await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "countdown"));
            await program.Caller.CreatedAsync("frozenlake", "4x4-0");
            var took = await MeasuredAsync(program, signal);
            program.Errors.ShouldBeEmpty();
            program.Output.ShouldNotContain("fail:");
            return took;
        });
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("ignore-cancellation")]
    public async Task Also_while_a_step_hangs(string action)
    {
        await FiveSecondsAsync(async () =>
        {
            await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("faulty"));
            var instance = await program.Caller.CreatedAsync("faulty", "plain");
            var step = program.Caller.StepAsync(instance, action);
            await Task.WhenAny(step, Task.Delay(Begun, TestContext.Current.CancellationToken));
            step.IsCompleted.ShouldBeFalse("it hangs");
            var took = await MeasuredAsync(program, PosixSignal.SIGINT);
            (await step).DetailOf(HttpStatusCode.ServiceUnavailable).ShouldContain("was stopped");
            return took;
        });
    }

    [Fact]
    public async Task And_no_child_outlives_it_when_it_is_killed()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "faulty"));
        var instance = await program.Caller.CreatedAsync("faulty", "plain");
        var step = program.Caller.StepAsync(instance, "hang");
        await program.KillAsync();
        await Should.ThrowAsync<HttpRequestException>(() => step);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nor_does_a_child_that_stands_still(bool killed)
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("countdown"));
        await program.Caller.CreatedAsync("countdown", "4-17");
        var children = program.Children;
        foreach (var child in children) await Processes.FreezeAsync(child, FrozenLimit);

        try
        {
            if (killed) await program.KillAsync();
            else await program.EndAsync();
        }
        finally
        {
            foreach (var child in children) Processes.End(child);
        }
    }

    private static async Task<TimeSpan> MeasuredAsync(RunningProgram program, PosixSignal signal)
    {
        var begun = Stopwatch.GetTimestamp();
        await program.EndAsync(signal);
        return Stopwatch.GetElapsedTime(begun);
    }

    /// <summary>It has three tries: a machine that stood still meanwhile says nothing of the program.</summary>
    private static async Task FiveSecondsAsync(Func<Task<TimeSpan>> end)
    {
        var fastest = TimeSpan.MaxValue;
        for (var attempt = 1; attempt <= 3 && fastest >= FiveSeconds; attempt++)
        {
            var took = await end();
            if (took < fastest) fastest = took;
        }

        fastest.ShouldBeLessThan(FiveSeconds);
    }
}
