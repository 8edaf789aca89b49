using Microsoft.Extensions.Configuration;
using SandQueue.Hosting.Startup;
using SandQueue.Workers.Hosting;

namespace SandQueue.Workers.Tests.Hosting;

/// <summary>What a worker program may be told.</summary>
public sealed class WorkerArgumentsTests
{
    [Theory]
    [InlineData("SANDQUEUE_Worker__ParkAftr", "SANDQUEUE_Worker__ParkAfter?")]
    [InlineData("SANDQUEUE_DockerRuntime__SocketFoldr", "SocketFolder?")]
    [InlineData("SANDQUEUE_Farm__RabitMq", "SANDQUEUE_Farm__RabbitMq?")]
    [InlineData("SANDQUEUE_ProcessRuntime__Servr", "Server?")]
    public void A_slip_of_the_pen_is_refused_with_what_was_meant(string name, string meant) =>
        Should.Throw<StartupException>(() => Require(name)).Message.ShouldContain(meant);

    [Theory]
    [InlineData("SANDQUEUE_Worker__ParkAfter")]
    [InlineData("SANDQUEUE_Farm__Postgres")]
    [InlineData("SANDQUEUE_API_KEYS")]
    [InlineData("SANDQUEUE_Gateway__Listen")]
    [InlineData("SANDQUEUE_Worker__Environments__mine__Image")]
    public void What_a_farm_is_told_in_one_place_is_taken(string name) => Should.NotThrow(() => Require(name));

    [Fact]
    public void Help_is_printed() => WorkerArguments.Arguments.Printed(["--help"], "1.0.0").ShouldNotBeNull().ShouldContain("SANDQUEUE_Farm__RabbitMq");

    [Fact]
    public void A_switch_that_is_none_is_refused() => Should.Throw<StartupException>(() => WorkerArguments.Arguments.Require(["--scale", "4"])).Message.ShouldContain("'--scale' is no switch");

    private static void Require(string name)
    {
        var setting = name["SANDQUEUE_".Length..].Replace("__", ":", StringComparison.Ordinal);
        WorkerArguments.Settings.Require(new ConfigurationBuilder().AddInMemoryCollection([new(setting, setting.Contains("After", StringComparison.Ordinal) ? "00:10:00" : "x")]).Build(), [name]);
    }
}
