using SandQueue.EndToEnd.Mistakes.Replay;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Mistakes;

/// <summary>Files of hostile and broken requests, played in their order against a program with keys.</summary>
public sealed class HostileRequestTests
{
    /// <summary>Names a file of such cases that is not part of this repository, to be played in place of ours.</summary>
    private const string GivenFile = "BAD_INPUT_FILE";

    /// <summary>Names a file that gets the figures of the last replay.</summary>
    private const string ReportFile = "BAD_INPUT_REPORT";

    private static string OwnFile => Path.Combine(Repository.Root, "tests", "EndToEnd", "Mistakes", "Cases", "hostile-requests.jsonl");

    [Fact]
    public Task Every_hostile_request_gets_its_status_and_one_line_in_time() =>
        PlayAsync(Environment.GetEnvironmentVariable(GivenFile) is { Length: > 0 } file ? GivenRequestFile.Read(file) : HostileRequestFile.Read(OwnFile));

    private static async Task PlayAsync(List<HostileRequest> requests)
    {
        requests.ShouldNotBeEmpty();
        await using var program = await RunningProgram.StartAsync(
            ProgramSettings.Serving("bfcl", "frozenlake", "countdown", "webshop").With("SANDQUEUE_API_KEYS", "aaa,bbb").With("SANDQUEUE_ADMIN_KEYS", "adm"));

        var report = await RequestReplay.RunAsync(program, requests, TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper!.WriteLine(report.ToString());
        if (Environment.GetEnvironmentVariable(ReportFile) is { Length: > 0 } file) await File.WriteAllTextAsync(file, $"{report}\n{program.Output}", TestContext.Current.CancellationToken);
        report.Problems.ShouldBeEmpty(report.ToString());
        report.After.ShouldBeLessThanOrEqualTo((int)(1.5 * report.Before), "memory was not given back");
        LogLines(program).ShouldAllBe(line => line.Length <= 2000);
        LogLines(program).Where(line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal) || line.Contains("   at ", StringComparison.Ordinal)).ShouldBeEmpty("a stack trace is in the log");
        LogLines(program).Where(line => line.Any(letter => char.IsControl(letter))).ShouldBeEmpty("control characters are in the log");
        (await program.CallerWithKey("aaa").CreateAsync("countdown", "3-1000001")).Data.GetProperty("info").Text("task_id").ShouldBe("3-1000001");
    }

    private static string[] LogLines(RunningProgram program) => program.Output.Split('\n');
}
