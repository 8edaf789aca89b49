using System.Diagnostics;

namespace SandQueue.Compose.Tests;

/// <summary>The whole of <c>docker-compose.yml</c>, built and brought up for real by <c>deploy/try-compose.sh</c>.</summary>
public sealed class ComposeFileTests
{
    private const int CannotRunHere = 77;

    /// <summary>The first time on a machine, base images are built too.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(40);

    [Fact]
    public async Task A_farm_of_four_workers_comes_up_plays_loses_a_worker_and_leaves_nothing_behind()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(RepositoryRoot(), "deploy", "try-compose.sh"), "4"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var script = Process.Start(start)!;
        var printed = script.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var complained = script.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await script.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // With what it started: the script's own end takes the farm and the engine down, and may take its time.
            using var end = Process.Start("kill", script.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await script.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2), CancellationToken.None);
        }

        var (output, errors) = (await printed, await complained);
        TestContext.Current.TestOutputHelper?.WriteLine(output);
        Assert.SkipWhen(script.ExitCode == CannotRunHere, errors.Trim());
        script.ExitCode.ShouldBe(0, $"{output}\n{errors}");
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Queue.sln"))) folder = folder.Parent ?? throw new InvalidOperationException("the tests do not run from inside the repository");
        return folder.FullName;
    }
}
