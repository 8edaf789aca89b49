using Docker.DotNet;
using Docker.DotNet.Models;

namespace SandQueue.Testing.Docker;

/// <summary>
/// A static busybox: mounted into a container, whose image holds no shell, it looks around from inside; as an image, it is
/// somebody else's program that only speaks TCP.
/// </summary>
public static class Toolbox
{
    /// <summary>Where containers see it.</summary>
    public const string Mounted = "/probe/busybox";

    private const string OnMachine = "/bin/busybox";

    /// <summary>Its path on this machine; skips the running test where it is not there.</summary>
    public static string Require()
    {
        Assert.SkipUnless(File.Exists(OnMachine) && IsStatic(OnMachine), $"needs a static busybox at {OnMachine} (Debian: busybox-static)");
        return OnMachine;
    }

    /// <summary>An image with busybox and some files in it; its commands are busybox's.</summary>
    /// <param name="engine">Where the image is to be.</param>
    /// <param name="image">Its name, with a tag.</param>
    /// <param name="files">Further files, by their path.</param>
    /// <param name="changes">Lines of a Dockerfile.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task ImportImageAsync(
        DockerClient engine, string image, IEnumerable<KeyValuePair<string, string>> files, IEnumerable<string> changes, CancellationToken cancellationToken)
    {
        var busybox = Require();
        using var tar = new MemoryStream();
        await ImageTar.WriteAsync(
            tar,
            files.Select(file => (file.Key, (Stream)new MemoryStream(System.Text.Encoding.UTF8.GetBytes(file.Value)))).Append((OnMachine, File.OpenRead(busybox))));
        tar.Position = 0;
        await ImageTar.ImportAsync(engine, image, tar, [$"""ENTRYPOINT ["{OnMachine}"]""", .. changes], cancellationToken);
    }

    /// <summary>Runs a line of shell in a container as the container's own program runs: same user, same rights, same network.</summary>
    /// <param name="engine">Where the container is.</param>
    /// <param name="container">Its name.</param>
    /// <param name="script">For busybox's shell; every command is <c>$b NAME</c>.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>What it printed, both outputs in one.</returns>
    public static async Task<string> RunInsideAsync(DockerClient engine, string container, string script, CancellationToken cancellationToken)
    {
        var exec = await engine.Exec.ExecCreateContainerAsync(
            container,
            new ContainerExecCreateParameters { AttachStdout = true, AttachStderr = true, Cmd = [Mounted, "sh", "-c", $"b={Mounted}; exec 2>&1; {script}"] },
            cancellationToken);
        using var output = await engine.Exec.StartAndAttachContainerExecAsync(exec.ID, tty: false, cancellationToken);
        var (printed, _) = await output.ReadOutputToEndAsync(cancellationToken);
        return printed.Trim();
    }

    /// <summary>A program that names a loader needs files that an image does not have.</summary>
    private static bool IsStatic(string program)
    {
        using var file = File.OpenRead(program);
        var start = new byte[4096];
        file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start.AsSpan().IndexOf("/ld-"u8) < 0;
    }
}
