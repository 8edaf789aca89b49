using SandQueue.Programs;

namespace SandQueue.EndToEnd.Life;

/// <summary>Slips of the pen at the start: nothing is passed over in silence.</summary>
public sealed class WrongSettingsTests
{
    [Theory]
    [InlineData("SANDQUEUE_Worker__ParkAftr", "00:10:00", "SANDQUEUE_Worker__ParkAfter?")]
    [InlineData("SANDQUEUE_BCFL_DATA", "/data", "SANDQUEUE_BFCL_DATA?")]
    [InlineData("SANDQUEUE_Worker__Environments__webshop__MaxContainer", "2", "webshop__MaxContainers?")]
    [InlineData("SANDQUEUE_Worker__Environments__webshp__Enabled", "false", "webshop__…?")]
    [InlineData("SANDQUEUE_Gatway__Listen", "127.0.0.1:1", "SANDQUEUE_Gateway__…?")]
    [InlineData("SANDQUEUE_DockerRuntime__Frm", "x", "DockerRuntime__Farm?")]
    [InlineData("SANDQUEUE_API_KEY", "k", "SANDQUEUE_API_KEYS?")]
    [InlineData("SANDQUEUE_Worker__ParkAfter", "10m", "00:10:00")]
    [InlineData("SANDQUEUE_Worker__SweepEvery", "300", "hours:minutes:seconds")]
    [InlineData("SANDQUEUE_Worker__Environments__countdown__Network", "Open", "Closed, Outbound")]
    public async Task A_variable_is_refused_with_what_was_meant(string name, string value, string meant)
    {
        var line = await RefusedAsync(ProgramSettings.Serving("frozenlake").With(name, value));
        line.ShouldContain(meant);
    }

    [Theory]
    [InlineData("'--port' is no switch", "--port", "80")]
    [InlineData("did you mean --data?", "--dta", "here")]
    [InlineData("'serve' is no switch", "serve")]
    [InlineData("--listen needs a value", "--listen")]
    [InlineData("determinism needs the name of an environment", "determinism")]
    [InlineData("'--episode' is no switch; did you mean --episodes?", "determinism", "frozenlake", "--episode", "3")]
    public async Task A_switch_is_refused(string said, params string[] arguments)
    {
        var line = await RefusedAsync(ProgramSettings.Serving("frozenlake"), arguments);
        line.ShouldContain(said);
    }

    [Theory]
    [InlineData("--help", "--listen ADDRESS:PORT")]
    [InlineData("-h", "determinism ENVIRONMENT")]
    [InlineData("--version", "SandQueue 0.1.0")]
    public async Task Help_and_version_are_printed_and_nothing_starts(string argument, string printed)
    {
        var (code, output, errors) = await RunningProgram.RunAsync([argument], ProgramSettings.Default);
        code.ShouldBe(0);
        output.ShouldContain(printed);
        errors.ShouldBeEmpty();
    }

    private static async Task<string> RefusedAsync(ProgramSettings settings, params string[] arguments)
    {
        var (code, output, errors) = await RunningProgram.RunAsync(arguments, settings);
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        return errors.TrimEnd('\n').Split('\n').ShouldHaveSingleItem();
    }
}
