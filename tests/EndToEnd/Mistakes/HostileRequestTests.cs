using SandQueue.EndToEnd.Mistakes.Replay;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Mistakes;

/// <summary>Files of hostile and broken requests, played in their order against a program with keys.</summary>
public sealed class HostileRequestTests
{
    /// <summary>Cases that others collected, in the folder beside the checkout; they are not part of this repository.</summary>
    private const string GivenFile = "cases/bad-input.jsonl";

    /// <summary>Names a file that gets the figures of the last replay.</summary>
    private const string ReportFile = "BAD_INPUT_REPORT";

    private static string OwnFile => Path.Combine(Repository.Root, "tests", "EndToEnd", "Mistakes", "Cases", "hostile-requests.jsonl");

    [Fact]
    public Task Every_hostile_request_gets_its_status_and_one_line_in_time() => PlayAsync(HostileRequestFile.Read(OwnFile));

    [Fact]
    public Task So_does_every_request_that_others_collected() => PlayAsync(GivenRequestFile.Read(SharedFolder.Require(GivenFile)));

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
