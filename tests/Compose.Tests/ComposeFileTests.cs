using System.Diagnostics;
using System.Globalization;
using SandQueue.Testing;

namespace SandQueue.Compose.Tests;

/// <summary>The whole of <c>docker-compose.yml</c>, built and brought up for real by <c>deploy/try-compose.sh</c>.</summary>
public sealed class ComposeFileTests
{
    private const int CannotRunHere = 77;

    /// <summary>Base images are built too, unless <c>ENGINE_FOLDER</c> names a folder that has them from before.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(25);

    /// <summary>For the script to take down what it started.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_farm_of_four_workers_comes_up_plays_loses_two_of_them_and_leaves_nothing_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux, to look into containers from outside");
        var standIns = SharedFolder.Require(Path.Combine("standin-images", "build.sh"));

        // The limit is kept by a program of its own, so that nothing outlives it, however the tests ended.
        var start = new ProcessStartInfo(
            "timeout", ["-k", Seconds(EndLimit), Seconds(Limit), "bash", Path.Combine(Repository.Root, "deploy", "try-compose.sh"), "4"])
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
