using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>Python as this machine has it, mounted into containers: there is no registry to get an image with Python from.</summary>
internal static class HostPython
{
    private static readonly string[] Folders = ["/usr/bin", "/usr/lib", "/lib", "/lib64"];

    /// <summary>The folders it needs; skips the running test where there is none.</summary>
    public static List<MountOptions> RequireMounts()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3") && Directory.Exists("/lib64"), "needs Python at /usr/bin/python3");
        return [.. Folders.Select(folder => new MountOptions { Source = new DirectoryInfo(folder).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder, Target = folder })];
    }
}
