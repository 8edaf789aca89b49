using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Life;

/// <summary>What a person sees who starts the program.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task It_says_where_it_listens_what_it_serves_and_what_to_try_next()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake", "countdown"));
        program.Output.ShouldContain($"SandQueue listens on {program.Address.ToString().TrimEnd('/')}\n");
        program.Output.ShouldMatch("(?m)^  frozenlake +unlimited tasks");
        program.Output.ShouldMatch("(?m)^  countdown +unlimited tasks");
        program.Errors.ShouldBeEmpty();

        var lines = program.Output.Split('\n');
        var command = lines[Array.IndexOf(lines, "Try:") + 1].Trim();
        using var tried = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;
        (await tried.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldStartWith("""{"success":true,"data":[""");
        await program.EndAsync();
    }

    [Fact]
    public async Task A_taken_port_is_one_clear_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = taken.LocalEndpoint.ToString()!;
        await RefusesAsync(["--listen", address], $"{address}.*in use.*--listen");
    }

    [Fact]
    public async Task A_data_folder_in_use_is_one_clear_line()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        OneLine(await program.RunBesideAsync("--listen", $"127.0.0.1:{FreePort.Take()}"), "another SandQueue uses the data folder.*--data");
        (await program.Caller.GetAsync("/healthz")).Body.ShouldBe("OK");
        (await program.Caller.GetAsync("/readyz")).Body.ShouldBe("""{"status":"ready","missing":[]}""");
    }

    [Fact]
    public Task A_data_folder_that_cannot_be_made_is_one_clear_line() =>
        RefusesAsync(["--data", Path.Combine(BuiltProgram.Library("Gateway"), "data")], "cannot use the data folder.*--data");

    [Fact]
    public Task Listening_to_the_outside_without_keys_is_refused() =>
        RefusesAsync(["--listen", "0.0.0.0:0"], "0\\.0\\.0\\.0:0 can be reached from outside.*SANDQUEUE_API_KEYS");

    [Theory]
    [InlineData("8080")]
    [InlineData("localhost")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("example.org:80")]
    public Task An_address_that_is_none_is_one_clear_line(string address) => RefusesAsync(["--listen", address], $"'{address}' is no address");

    [Theory]
    [InlineData("SANDQUEUE_Worker__ReleaseAfter", "soon")]
    [InlineData("SANDQUEUE_Worker__SweepEvery", "00:00:00")]
    [InlineData("SANDQUEUE_Gateway__MaxBodyBytes", "10 MB")]
    [InlineData("SANDQUEUE_Gateway__CommandTimeout", "-00:00:01")]
    [InlineData("SANDQUEUE_Worker__Environments__frozenlake__InstancesPerContainer", "0")]
    public async Task A_setting_that_cannot_be_is_one_clear_line(string name, string value) =>
        OneLine(
            await RunningProgram.RunAsync(["--listen", $"127.0.0.1:{FreePort.Take()}"], ProgramSettings.Serving("frozenlake").With(name, value)),
            name["SANDQUEUE_".Length..].Replace("__", ":", StringComparison.Ordinal));

    [Fact]
    public async Task Settings_may_come_as_environment_variables_and_switches_go_before_them()
    {
        await using var program = await RunningProgram.StartAsync(
            ProgramSettings.Serving("frozenlake").With("SANDQUEUE_Gateway__Listen", "203.0.113.7:1").With("SANDQUEUE_Gateway__DataFolder", "/proc/nowhere"));
        (await program.Caller.GetAsync("/healthz")).Body.ShouldBe("OK");
    }

    private static async Task RefusesAsync(string[] arguments, string pattern) =>
        OneLine(await RunningProgram.RunAsync(arguments, ProgramSettings.Serving("frozenlake")), pattern);

    private static void OneLine((int ExitCode, string Output, string Errors) ended, string pattern)
    {
        ended.ExitCode.ShouldNotBe(0);
        ended.Errors.TrimEnd('\n').ShouldNotContain("\n");
        ended.Errors.ShouldStartWith("sandqueue: ");
        ended.Errors.ShouldMatch(pattern);
        ended.Output.ShouldNotContain("   at ");
        ended.Output.ShouldNotContain("fail:");
    }
}
