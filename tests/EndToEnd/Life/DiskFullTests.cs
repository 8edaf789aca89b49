using System.Diagnostics;
using System.Net;
using SandQueue.Programs;
using SandQueue.Testing;

namespace SandQueue.EndToEnd.Life;

/// <summary>The journal's disk is full: callers are told so, and it goes on by itself once there is room.</summary>
public sealed class DiskFullTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _disk = Directory.CreateTempSubdirectory("sqt-full-");
    private string? _noDisk;

    private string Ballast => Path.Combine(_disk.FullName, "ballast");

    public async ValueTask InitializeAsync() =>
        _noDisk = Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() ? await RunAsync("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", _disk.FullName) : "only root can mount a small disk";

    public async ValueTask DisposeAsync()
    {
        if (_noDisk is null) await RunAsync("umount", "--lazy", _disk.FullName);
        _disk.Delete(recursive: true);
    }

    [Fact]
    public async Task Callers_are_told_and_it_goes_on_by_itself()
    {
        Assert.SkipWhen(_noDisk is not null, $"no small disk: {_noDisk}");
        await using var program = await RunningProgram.StartAsync(
            (ProgramSettings.Serving("frozenlake") with { Arguments = ["--data", Path.Combine(_disk.FullName, "data")] }).With("SANDQUEUE_Worker__Lease", "00:00:06"));
        var instance = await program.Caller.CreatedAsync("frozenlake", "4x4-0");

        Fill();
        await Until.TrueAsync("the full disk is noticed", async () => (await program.Caller.CreateAsync("frozenlake", "4x4-0")).Status == HttpStatusCode.ServiceUnavailable, Limit);
        foreach (var answer in new[] { await program.Caller.CreateAsync("frozenlake", "4x4-0"), await program.Caller.StepAsync(instance, "left"), await program.Caller.ReleaseAsync(instance) })
        {
            answer.DetailOf(HttpStatusCode.ServiceUnavailable).ShouldMatch("journal cannot be written: .*disk is full.*Make room");
            answer.Headers["Retry-After"].ShouldBe("5");
        }

        File.Delete(Ballast);
        await Until.TrueAsync("it goes on", async () => (await program.Caller.StepAsync(instance, "left", """{"_step":1}""")).Status == HttpStatusCode.OK, Limit);
        (await program.Caller.StepAsync(instance, "left")).Data.StepNumber().ShouldBe(2);
    }

    private void Fill()
    {
        try
        {
            using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            var block = new byte[512];
            while (true) ballast.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <returns>What it said where it failed; null where it did not.</returns>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0 ? null : said.Trim();
    }
}
