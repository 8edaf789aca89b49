using System.Diagnostics;
using System.Globalization;
using SandQueue.Testing;

namespace SandQueue.Compose.Tests;

/// <summary>
/// The whole of <c>docker-compose.yml</c>, built and brought up for real by <c>deploy/try-compose.sh</c>, with the commands of
/// <c>docs/farm.md</c>. The script compares what each prints with what the page says.
/// </summary>
public sealed class ComposeFileTests
{
    private const int CannotRunHere = 77;

    /// <summary>The reasons that the page has for the commands that no test can run: <c>docker pull</c> and <c>git pull</c>.</summary>
    private const string LeftOut = "the image comes from a registry; there is no newer version to get";

    /// <summary>For what hangs. Base images are built too, unless <c>ENGINE_FOLDER</c> names a folder that has them from before.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(60);

    /// <summary>For the script to take down what it started.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Whoever_follows_the_page_has_a_farm_that_plays_loses_two_workers_is_upgraded_and_restored_and_leaves_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux, to look into containers from outside");
        var standIns = SharedFolder.Require(Path.Combine("standin-images", "build.sh"));

        // The limit is kept by a program of its own, so that nothing outlives it, however the tests ended.
        var start = new ProcessStartInfo(
            "timeout", ["-k", Seconds(EndLimit), Seconds(Limit), "bash", Path.Combine(Repository.Root, "deploy", "try-compose.sh")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{start.Environment["PATH"]}:/usr/local/sbin:/usr/sbin:/sbin";
        start.Environment["STAND_INS"] = standIns;
        using var script = Process.Start(start)!;
        var printed = script.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var complained = script.StandardError.ReadToEndAsync(CancellationToken.None);
        await EndAsync(script, TestContext.Current.CancellationToken);

        var (output, errors) = (await printed, await complained);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.SkipWhen(script.ExitCode == CannotRunHere, errors.Trim());
        script.ExitCode.ShouldBe(0, $"{output}\n{errors}");
        output.ShouldMatch($@"(?m)^docs/farm\.md: played [0-9]+ blocks; left out: {LeftOut}$");
    }

    private static async Task EndAsync(Process script, CancellationToken cancellationToken)
    {
        try
        {
            await script.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            using var end = Process.Start("kill", script.Id.ToString(CultureInfo.InvariantCulture));
            await script.WaitForExitAsync(CancellationToken.None).WaitAsync(EndLimit, CancellationToken.None);
            throw;
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);
}
