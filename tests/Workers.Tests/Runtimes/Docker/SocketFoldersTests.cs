using System.Diagnostics;
using SandQueue.Workers.Runtimes.Docker;

namespace SandQueue.Workers.Tests.Runtimes.Docker;

/// <summary>What a server may leave in the folder of its socket, which it can write to.</summary>
public sealed class SocketFoldersTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("sq-").FullName;

    public void Dispose()
    {
        if (Directory.Exists(_root)) Run("rm", "-rf", _root);
    }

    [Theory]
    [InlineData("import os\nfor n in range(5000):\n  os.mkdir('d' * 200)\n  os.chdir('d' * 200)\n")]
    [InlineData("import os\nfor n in range(30000):\n  os.mkdir('d')\n  os.chdir('d')\n")]
    [InlineData("import os\nos.mkdir(b'\\xff\\xfe')\nopen(b'\\xff\\xfe/\\xff', 'w').close()\nos.symlink(b'/etc', b'\\xfd')\n")]
    [InlineData("import os\nos.mkdir('closed')\nopen('closed/file', 'w').close()\nos.chmod('closed', 0)\n")]
    [InlineData("import os\nos.mkdir('a')\nfor n in range(20000): open('a/%d' % n, 'w').close()\n")]
    public void Whatever_a_server_left_is_removed(string script)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the Docker runtime's workers run on Linux");
        using var folders = new SocketFolders(_root, "farm");
        var folder = folders.Create("worker", ContainerName.New("test"));
        Run("python3", "-c", $"import os\nos.chdir('{folder}')\n{script}");

        SocketFolders.Remove(folder, TestContext.Current.CancellationToken);

        Directory.Exists(folder).ShouldBeFalse();
        Directory.Exists("/etc").ShouldBeTrue();
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit(60_000).ShouldBeTrue();
        process.ExitCode.ShouldBe(0);
    }
}
