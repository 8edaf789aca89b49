using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using SandQueue.Cli.Gateways;
using SandQueue.Cli.Tests.Fakes;
using SandQueue.Testing;

namespace SandQueue.Cli.Tests.Programs;

/// <summary>The built program, as a script calls it.</summary>
public sealed class ProgramTests : IAsyncLifetime
{
    private FakeGateway _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await FakeGateway.StartAsync();

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Fact]
    public async Task A_batch_is_run_and_its_last_line_is_JSON()
    {
        _gateway.On("POST /v1/batches", Batch.In("running", 4, 0), 201).On($"GET /v1/batches/{Batch.Id}", Batch.In("closed", 4, 4)).On($"GET /v1/batches/{Batch.Id}/report", Batch.Report);

        var (code, lines, errors) = await StartAsync("batch", "run", "frozenlake", "--split", "val", "--sample", "4", "--policy", "gold", "--json");

        code.ShouldBe(ExitCode.Fine, errors);
        JsonNode.Parse(lines[^1])!["reward"]!["ci95"]!.AsArray().Count.ShouldBe(2);
        errors.ShouldContain("Batch b-1: 4 rollouts.");
    }

    [Fact]
    public async Task Piped_output_holds_no_escapes()
    {
        _gateway.On("GET /v1/environments", JsonNode.Parse("""{"environments":[{"env_type":"a","tasks":1,"data_source":"\u001b]0;x\u0007 ü","problems":["p"]}]}""")!);

        var (code, lines, errors) = await StartAsync("envs");

        (code, lines[1]).ShouldBe((ExitCode.Fine, "a\t1\t␛]0;x␇ ü\tp"), errors);
    }

    [Fact]
    public async Task A_gateway_that_is_away_is_one_line_and_exits_with_3()
    {
        var (code, lines, errors) = await StartAsync("envs", "--url", "http://127.0.0.1:9");

        code.ShouldBe(ExitCode.Unreachable);
        lines.ShouldBeEmpty();
        errors.Trim().Split('\n').ShouldHaveSingleItem().ShouldStartWith("sandqueue: the gateway at http://127.0.0.1:9 cannot be reached (Connection refused)");
    }

    [Fact]
    public async Task A_wrong_command_line_exits_with_2() => (await StartAsync("batch", "frobnicate")).Code.ShouldBe(ExitCode.Usage);

    [Fact]
    public async Task Help_calls_the_program_by_its_name()
    {
        var (code, lines, _) = await StartAsync("batch", "run", "--help");

        code.ShouldBe(ExitCode.Fine);
        lines.ShouldContain("  sandqueue batch run <env> [options]");
    }

    [Fact]
    public async Task Ctrl_C_detaches_from_a_batch_that_goes_on()
    {
        _gateway.On($"GET /v1/batches/{Batch.Id}", Batch.In("running", 4, 1));
        using var program = Process.Start(Start("batch", "watch", Batch.Id))!;
        var errors = program.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync("it watches", () => !_gateway.Asked.IsEmpty, TimeSpan.FromMinutes(1));

        try
        {
            using (var signal = Process.Start("kill", ["-INT", program.Id.ToString(CultureInfo.InvariantCulture)])) await signal.WaitForExitAsync(TestContext.Current.CancellationToken);
            await program.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }
        finally
        {
            // Where Ctrl-C is ignored, as in a shell's background, the program ignores it too.
            if (!program.HasExited) program.Kill();
        }

        program.ExitCode.ShouldBe(ExitCode.Interrupted);
        (await errors).ShouldContain("Detached. The batch goes on");
    }

    private Task<(int Code, string[] Lines, string Errors)> StartAsync(params string[] words) => ForeignProgram.RunAsync(Start(words));

    private ProcessStartInfo Start(params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "SandQueue.Cli.dll"), .. words]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[GatewayAddress.UrlVariable] = _gateway.Url;
        start.Environment.Remove(GatewayAddress.KeyVariable);
        return start;
    }
}
