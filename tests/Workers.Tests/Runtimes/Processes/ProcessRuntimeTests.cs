using System.Diagnostics;
using System.Security.Cryptography;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Runtimes.Processes;

namespace SandQueue.Workers.Tests.Runtimes.Processes;

public sealed class ProcessRuntimeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_program_that_is_not_there_is_one_clear_error()
    {
        Should.Throw<ContainerException>(() => ProcessFixture.NewRuntime("/no/such/program")).Message.ShouldContain("/no/such/program");
    }

    [Fact]
    public async Task A_program_that_cannot_run_is_one_clear_error()
    {
        var file = Path.GetTempFileName();
        using var runtime = ProcessFixture.NewRuntime(file);

        var failure = await Should.ThrowAsync<ContainerException>(() => runtime.StartAsync("countdown", new EnvironmentOptions(), Cancel));

        failure.Message.ShouldContain($"cannot start {file}");
        failure.Message.ShouldNotContain("\n");
        File.Delete(file);
    }

    [Fact]
    public async Task The_digest_is_of_the_libraries_and_not_of_their_launcher()
    {
        using var runtime = ProcessFixture.NewRuntime();
        await using var container = await runtime.StartAsync("countdown", new EnvironmentOptions(), Cancel);

        // The launcher is the same for every version of the program.
        var folder = Path.GetDirectoryName(Path.GetFullPath(ProcessFixture.Server))!;
        byte[] libraries =
        [
            .. await File.ReadAllBytesAsync($"{ProcessFixture.Server}.dll", Cancel),
            .. await File.ReadAllBytesAsync($"{ProcessFixture.Server}.Abstractions.dll", Cancel),
            .. await File.ReadAllBytesAsync(Path.Combine(folder, "SandQueue.Frames.dll"), Cancel),
        ];
        container.ImageDigest.ShouldBe($"sha256:{Convert.ToHexStringLower(SHA256.HashData(libraries))}");
    }

    [Fact]
    public void An_assembly_is_handed_to_the_server_and_belongs_to_the_digest_with_the_libraries_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory("sandqueue-assembly-");
        var assembly = Path.Combine(folder.FullName, "Mine.dll");
        File.WriteAllText(assembly, "1");
        var options = new EnvironmentOptions { Assembly = assembly, Class = "Mine.Game" };
        var server = new BuiltInServer(ProcessFixture.Server);

        var program = server.For("mine", options, "s");
        string.Join(' ', program.Arguments).ShouldBe($"--socket s --environment mine --assembly {assembly} --class Mine.Game --die-with-parent");
        List<string> digests = [server.For("countdown", new EnvironmentOptions(), "s").Digest, program.Digest];
        server.For("mine", options, "other").Digest.ShouldBe(program.Digest);
        File.WriteAllText(assembly, "2");
        digests.Add(server.For("mine", options, "s").Digest);
        File.WriteAllText(Path.Combine(folder.FullName, "Beside.dll"), "3");
        digests.Add(server.For("mine", options, "s").Digest);
        digests.ShouldBeUnique();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_end_of_the_runtime_leaves_no_folder()
    {
        var runtime = ProcessFixture.NewRuntime();
        string folder;
        await using (var container = await runtime.StartAsync("countdown", new EnvironmentOptions(), Cancel))
        {
            folder = Path.GetDirectoryName(((ProcessContainer)container).SocketPath)!;
            Directory.Exists(folder).ShouldBeTrue();
        }

        runtime.Dispose();

        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Whatever_a_child_leaves_in_the_place_of_its_socket_and_beside_it_the_runtime_ends_and_removes_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a script of Linux");
        var runtime = ProcessFixture.NewRuntime();
        var options = new EnvironmentOptions
        {
            Command = ["python3", "-c", "import os\nos.mkdir(os.environ['SANDQUEUE_SOCKET'])\nos.chdir(os.path.dirname(os.environ['SANDQUEUE_SOCKET']))\nfor n in range(100):\n  os.mkdir('d' * 200)\n  os.chdir('d' * 200)\nprint('left')\nimport time\ntime.sleep(60)"],
        };
        var container = await runtime.StartAsync("mine", options, Cancel);
        await Until.TrueAsync("it left them", () => container.LastOutput.Contains("left", StringComparison.Ordinal), Limit, () => container.LastOutput);
        var folder = Path.GetDirectoryName(((ProcessContainer)container).SocketPath)!;

        await container.DisposeAsync();
        runtime.Dispose();

        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact]
    public async Task A_child_ends_with_its_standard_input_as_when_its_worker_was_killed()
    {
        var folder = Directory.CreateTempSubdirectory("sandqueue-child-");
        var socket = Path.Combine(folder.FullName, "e.sock");
        using var child = Process.Start(new ProcessStartInfo(ProcessFixture.Server, ["--socket", socket, "--environment", "countdown", "--die-with-parent"])
        {
            RedirectStandardInput = true,
        })!;
        await Until.TrueAsync("the child listens", () => Task.FromResult(File.Exists(socket)), Limit);
        child.HasExited.ShouldBeFalse();

        child.StandardInput.Close();

        await child.WaitForExitAsync(Cancel).WaitAsync(Limit, Cancel);
        child.ExitCode.ShouldBe(0);
        File.Exists(socket).ShouldBeFalse();
        folder.Delete();
    }

    [Fact]
    public async Task A_child_inherits_no_secret_of_its_worker()
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = Directory.CreateTempSubdirectory("sandqueue-script-");
        var script = Path.Combine(folder.FullName, "print.sh");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nenv | grep -c secret\nenv | sed 's/=.*//' | tr '\\n' ' '\necho\n", Cancel);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string[] secrets =
        [
            "SANDQUEUE_API_KEYS", "SANDQUEUE_Farm__Postgres", "sandqueue_farm__rabbitmq", "SANDQUEUE_BFCL_DATA", "PGPASSWORD", "OTEL_EXPORTER_OTLP_HEADERS",
            "ConnectionStrings__farm", "DOTNET_ConnectionStrings__farm", "AWS_SECRET_ACCESS_KEY", "HF_TOKEN", "OPENAI_API_KEY", "MY_PASSWORD", "WHATEVER",
        ];
        foreach (var name in secrets) Environment.SetEnvironmentVariable(name, "secret");
        string[] harmless = ["LC_MESSAGES", "DOTNET_TieredPGO", "MODULES"];
        foreach (var name in harmless) Environment.SetEnvironmentVariable(name, "1");
        try
        {
            using var runtime = ProcessFixture.NewRuntime(script);

            await using var container = await runtime.StartAsync("countdown", new EnvironmentOptions { Data = "/data", Variables = { ["SANDQUEUE_MINE"] = "given" }, InheritedVariables = { "MODULES" } }, Cancel);

            await Until.TrueAsync("it printed", () => Task.FromResult(container.LastOutput.Split('\n').Length == 2), Limit, () => container.LastOutput);
            var lines = container.LastOutput.Split('\n');
            lines[0].ShouldBe("0");
            foreach (var name in (string[])["PATH", "SANDQUEUE_MINE", "SANDQUEUE_COUNTDOWN_DATA", .. harmless]) lines[1].Split(' ').ShouldContain(name);
        }
        finally
        {
            foreach (var name in (string[])[.. secrets, .. harmless]) Environment.SetEnvironmentVariable(name, null);
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Variables_reach_the_child_and_the_data_folder_is_one_of_them()
    {
        if (OperatingSystem.IsWindows()) return;
        var script = Path.Combine(Directory.CreateTempSubdirectory("sandqueue-script-").FullName, "print.sh");
        await File.WriteAllTextAsync(script, "#!/bin/sh\necho \"$MINE $SANDQUEUE_COUNTDOWN_DATA $*\"\n", Cancel);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var runtime = ProcessFixture.NewRuntime(script);
        var options = new EnvironmentOptions { Data = "/data/here", Variables = { ["MINE"] = "value" } };

        await using var container = await runtime.StartAsync("countdown", options, Cancel);

        await Until.TrueAsync("it printed", () => Task.FromResult(container.LastOutput.Length > 0), Limit);
        container.LastOutput.ShouldMatch("^value /data/here --socket /.*/countdown-1.sock --environment countdown --die-with-parent$");
        Directory.Delete(Path.GetDirectoryName(script)!, recursive: true);
    }
}
