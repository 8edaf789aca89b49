using System.Net;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Environments;

/// <summary>Environments in class libraries that know nothing of our sources, named in the settings of the real program.</summary>
public sealed class OutsideEnvironmentTests(OutsideLibraries libraries) : IClassFixture<OutsideLibraries>
{
    [Fact]
    public async Task The_library_of_the_page_is_served_and_played()
    {
        await using var program = await RunningProgram.StartAsync(Serving("guess", libraries.Guess));
        program.Output.ShouldMatch("(?m)^  guess +unlimited tasks  numbers drawn from the task id");

        var block = OutsideLibraries.Played;
        var played = await libraries.RunAsync("/", block.Text.Replace("localhost:8080", $"127.0.0.1:{program.Address.Port}", StringComparison.Ordinal));

        played.TrimEnd('\n').ShouldBe(block.Output);
        (await program.Caller.ReleaseAsync("mine")).Status.ShouldBe(HttpStatusCode.OK);
        (await program.Caller.CreateAsync("guess", "seven")).DetailOf(HttpStatusCode.BadRequest).ShouldContain("guess has no task");
        await program.EndAsync();
    }

    [Fact]
    public async Task An_instance_whose_server_was_killed_goes_on_where_it_was()
    {
        await using var program = await RunningProgram.StartAsync(Serving("guess", libraries.Guess));
        var instance = await program.Caller.CreatedAsync("guess", "7");
        for (var guess = 1; guess <= 6; guess++) (await program.Caller.StepAsync(instance, "100")).Data.Observation().ShouldBe("Lower.");

        Processes.End(program.Children.ShouldHaveSingleItem());

        var last = (await program.Caller.StepAsync(instance, "100")).Data;
        last.StepNumber().ShouldBe(7);
        last.Observation().ShouldStartWith("Wrong, and that was the last guess.");
        last.GetProperty("info").Text("end_reason").ShouldBe("no_guesses_left");
        await program.EndAsync();
    }

    [Fact]
    public async Task What_goes_wrong_in_a_young_library_is_shown_to_its_author_and_the_episode_goes_on()
    {
        await using var program = await RunningProgram.StartAsync(Odd().With("SANDQUEUE_Worker__Environments__odd__CallTimeout", "00:00:03"));
        var instance = await program.Caller.CreatedAsync("odd", "0");
        (await program.Caller.StepAsync(instance, "hello")).Data.Observation().ShouldBe("1: hello");

        var left = await FailedAsync("exit");
        left.ShouldContain("'odd' is young");
        left.ShouldContain("the dice said: leave");
        (await FailedAsync("throw")).ShouldContain("InvalidOperationException: the dice rolled away");
        (await FailedAsync("nan")).ShouldContain("the reward is NaN");

        // The instance was rebuilt by a replay meanwhile, so that it is young no more.
        (await program.Caller.StepAsync(instance, "hang")).Data.GetProperty("info").Text("cause").ShouldBe("agent");

        (await program.Caller.StepAsync(instance, "json")).Data.Observation().ShouldBe("""2: {"Dice":[1,2]}""");
        (program.Output + program.Errors).ShouldContain("at Odd.OddInstance.Step(");
        await program.EndAsync();

        async Task<string> FailedAsync(string action) => (await program.Caller.StepAsync(instance, action)).DetailOf(HttpStatusCode.InternalServerError);
    }

    [Fact]
    public async Task What_an_action_does_to_a_library_that_is_not_young_is_a_result()
    {
        await using var program = await RunningProgram.StartAsync(Odd().With("SANDQUEUE_Worker__Environments__odd__Young", "false"));
        var instance = await program.Caller.CreatedAsync("odd", "0");

        var left = (await program.Caller.StepAsync(instance, "exit")).Data;

        left.Observation().ShouldContain("did not survive");
        left.GetProperty("info").Text("cause").ShouldBe("agent");
        (await program.Caller.StepAsync(instance, "still here")).Data.Observation().ShouldBe("1: still here");
        await program.EndAsync();
    }

    [Fact]
    public async Task A_library_that_has_no_such_environment_is_left_out_with_one_line()
    {
        var settings = ProgramSettings.Serving("frozenlake")
            .With("SANDQUEUE_Worker__Environments__several__Assembly", libraries.Odd)
            .With("SANDQUEUE_Worker__Environments__broken__Assembly", libraries.Odd).With("SANDQUEUE_Worker__Environments__broken__Class", "Odd.BrokenEnvironment")
            .With("SANDQUEUE_Worker__Environments__missing__Assembly", libraries.Odd).With("SANDQUEUE_Worker__Environments__missing__Class", "Odd.NoSuch")
            .With("SANDQUEUE_Worker__Environments__renamed__Assembly", libraries.Odd).With("SANDQUEUE_Worker__Environments__renamed__Class", "Odd.OddEnvironment")
            .With("SANDQUEUE_Worker__Environments__nothing__Assembly", typeof(OutsideEnvironmentTests).Assembly.Location);
        await using var program = await RunningProgram.StartAsync(settings);

        program.Output.ShouldMatch("(?m)^  frozenlake +unlimited tasks");
        LineOf("several").ShouldContain($"{libraries.Odd} has several classes that implement IEnvironment: Odd.BrokenEnvironment, Odd.OddEnvironment; name one by Class");
        LineOf("broken").ShouldContain("the constructor of Odd.BrokenEnvironment");
        LineOf("broken").ShouldContain("failed: InvalidOperationException: the dice are gone (at Odd.BrokenEnvironment..ctor()");
        LineOf("missing").ShouldContain("has no class Odd.NoSuch that implements IEnvironment; it has Odd.BrokenEnvironment, Odd.OddEnvironment");
        LineOf("renamed").ShouldContain("describes itself as 'odd', and the settings serve it as 'renamed'");
        LineOf("nothing").ShouldContain("does not use SandQueue.Environments.Abstractions");
        await program.EndAsync();

        string LineOf(string environment) => (program.Output + program.Errors).Split('\n').First(line => line.Contains($"'{environment}' is not served", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_library_that_is_not_there_is_refused_at_the_start()
    {
        var (exitCode, _, errors) = await RunningProgram.RunAsync([], Serving("mine", "/nowhere/Mine.dll"));

        exitCode.ShouldBe(1);
        errors.ShouldBe("sandqueue: Worker:Environments:mine:Assembly is /nowhere/Mine.dll, and there is no such file; build its project, or correct the path\n");
    }

    private static ProgramSettings Serving(string environment, string library) =>
        ProgramSettings.Serving().With($"SANDQUEUE_Worker__Environments__{environment}__Assembly", library);

    private ProgramSettings Odd() => Serving("odd", libraries.Odd).With("SANDQUEUE_Worker__Environments__odd__Class", "Odd.OddEnvironment");
}
