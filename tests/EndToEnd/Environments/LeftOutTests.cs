using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Environments;

/// <summary>An environment that cannot start is left out, with its reason; the others are served.</summary>
public sealed class LeftOutTests
{
    [Fact]
    public async Task An_image_is_left_out_where_only_programs_are_started()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_Worker__Environments__appworld__Enabled", "true"));

        program.Output.ShouldMatch("(?m)^  frozenlake +unlimited tasks");
        program.Output.ShouldNotMatch("(?m)^  appworld ");
        (program.Output + program.Errors).ShouldContain("'appworld' is not served: 'appworld' is the image agentscope/runtime-sandbox-appworld:latest");
        (program.Output + program.Errors).ShouldContain("Worker:Runtime");
        await program.EndAsync();
    }

    [Fact]
    public async Task A_setting_that_cannot_be_is_refused_with_its_key()
    {
        var (exitCode, _, errors) = await RunningProgram.RunAsync(
            ["--listen", $"127.0.0.1:{FreePort.Take()}"], ProgramSettings.Serving("frozenlake").With("SANDQUEUE_Worker__Environments__frozenlake__Protocol", "smoke"));

        exitCode.ShouldNotBe(0);
        errors.ShouldContain("Worker:Environments:frozenlake:Protocol is 'smoke'");
        errors.ShouldContain("openenv");
    }
}
