using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Runtimes.Processes;
using SandQueue.Workers.Tests.Fakes;

namespace SandQueue.Workers.Tests.Runtimes.Processes;

/// <summary>Servers of others, which know nothing of their worker.</summary>
public sealed class CommandServerTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-command-");
    private readonly ProcessRuntime _runtime = ProcessFixture.NewRuntime();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _runtime.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task It_is_told_where_to_listen_and_runs_in_its_folder()
    {
        await using var container = await StartAsync("echo \"$SANDQUEUE_SOCKET $PORT $SANDQUEUE_ENVIRONMENT $1 $2 $MINE $(pwd)\"; sleep 60", ["{socket}", "{port}"], ("MINE", "{environment}!"));

        await Until.TrueAsync("it printed", () => Task.FromResult(container.LastOutput.Length > 0), Limit);

        var said = container.LastOutput.Split(' ');
        said[0].ShouldBe(((ProcessContainer)container).SocketPath);
        int.Parse(said[1], CultureInfo.InvariantCulture).ShouldBeInRange(1, 65535);
        said[2..].ShouldBe(["mine", said[0], said[1], "mine!", _folder.FullName]);
    }

    [Fact]
    public async Task It_and_all_it_started_end_with_their_worker_though_they_do_not_listen_to_it()
    {
        var socket = Path.Combine(_folder.FullName, "s");
        var program = CommandServer.For("mine", Options("trap '' TERM; sleep 600 & echo $! >pids; echo $$ >>pids; wait", []), socket);
        using var worker = Start(program);
        await Until.TrueAsync("it runs", () => Task.FromResult(Pids().Length == 2), Limit);
        var processes = Pids();

        // What the kernel does to the pipe of a worker that is killed.
        worker.StandardInput.Close();

        await Until.TrueAsync("all have ended", () => Task.FromResult(!processes.Any(ProcessFixture.IsRunning)), Limit);
        await worker.WaitForExitAsync(Cancel).WaitAsync(Limit, Cancel);
    }

    [Fact]
    public async Task What_it_started_ends_with_it()
    {
        await using var container = await StartAsync("sleep 600 & echo $! >pids; echo $$ >>pids; exit 3", []);

        await Until.TrueAsync("its end is noticed", () => Task.FromResult(container.Exited.IsCancellationRequested), Limit);

        await Until.TrueAsync("so has what it started", () => Task.FromResult(!Pids().Any(ProcessFixture.IsRunning)), Limit);
    }

    [Fact]
    public async Task It_has_limits_and_is_ended_before_its_worker()
    {
        await using var container = await StartAsync("ulimit -c; ulimit -d; cat /proc/self/oom_score_adj; sleep 60", []);

        await Until.TrueAsync("it printed", () => Task.FromResult(container.LastOutput.Split('\n').Length == 3), Limit);

        container.LastOutput.Split('\n').ShouldBe(["0", $"{2L << 20}", "500"]);
    }

    [Theory]
    [InlineData(null, LogLevel.Information)]
    [InlineData(false, LogLevel.Debug)]
    public async Task What_a_young_server_prints_is_in_the_log_at_once(bool? young, LogLevel level)
    {
        using var log = new KeptLines();
        using var factory = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        using var runtime = new ProcessRuntime(Microsoft.Extensions.Options.Options.Create(new ProcessRuntimeOptions()), factory.CreateLogger<ProcessContainer>());
        await using var container = await runtime.StartAsync("mine", Options("echo 'Traceback: here' >&2; sleep 60", [], young: young), Cancel);
        await Until.TrueAsync("it printed", () => Task.FromResult(container.LastOutput.Length > 0), Limit);
        await Until.TrueAsync("it is in the log", () => Task.FromResult(log.Lines.Contains((level, $"{container.Id}: Traceback: here"))), Limit);
    }

    [Fact]
    public async Task It_inherits_no_secret_and_a_line_without_end_is_cut()
    {
        string[] secrets = ["SANDQUEUE_API_KEYS", "ConnectionStrings__farm", "AWS_SECRET_ACCESS_KEY", "HF_TOKEN"];
        foreach (var name in secrets) Environment.SetEnvironmentVariable(name, "secret");
        try
        {
            await using var container = await StartAsync("env | grep -c secret; head -c 3000000 /dev/zero | tr '\\0' x; echo; sleep 60", []);
            await Until.TrueAsync("it printed", () => Task.FromResult(container.LastOutput.Split('\n').Length == 2), Limit);
            container.LastOutput.Split('\n')[0].ShouldBe("0");
            container.LastOutput.Split('\n')[1].Length.ShouldBe(2000);
        }
        finally
        {
            foreach (var name in secrets) Environment.SetEnvironmentVariable(name, null);
        }
    }

    [Fact]
    public void The_digest_is_of_the_command_and_of_the_files_it_names()
    {
        var options = Options("echo 1", []);
        var digest = CommandServer.For("mine", options, "s").Digest;
        CommandServer.For("mine", options, "other").Digest.ShouldBe(digest);

        File.AppendAllText(Path.Combine(_folder.FullName, "server.sh"), "echo 2\n");

        CommandServer.For("mine", options, "s").Digest.ShouldNotBe(digest);
        digest.ShouldMatch("^sha256:[0-9a-f]{64}$");
    }

    [Fact]
    public void A_program_or_a_folder_that_is_not_there_is_one_clear_error()
    {
        Should.Throw<ContainerException>(() => CommandServer.For("mine", new EnvironmentOptions { Command = ["no-such-program"] }, "s")).Message
            .ShouldBe("'mine' cannot be started: there is no program no-such-program (Command)");
        Should.Throw<ContainerException>(() => CommandServer.For("mine", new EnvironmentOptions { Command = ["sh"], WorkingFolder = "/no/such" }, "s")).Message
            .ShouldBe("'mine' cannot be started: its WorkingFolder /no/such is not there");
    }

    private EnvironmentOptions Options(string script, string[] arguments, (string Name, string Value)[]? variables = null, bool? young = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a script of sh");
        File.WriteAllText(Path.Combine(_folder.FullName, "server.sh"), script);
        return new EnvironmentOptions
        {
            Command = ["sh", "server.sh", .. arguments],
            WorkingFolder = _folder.FullName,
            Young = young,
            Variables = (variables ?? []).ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal),
        };
    }

    private Task<IContainer> StartAsync(string script, string[] arguments, params (string Name, string Value)[] variables) =>
        _runtime.StartAsync("mine", Options(script, arguments, variables), Cancel);

    private static Process Start(ServerProgram program)
    {
        var start = new ProcessStartInfo(program.FileName, program.Arguments) { WorkingDirectory = program.WorkingFolder, RedirectStandardInput = true };
        foreach (var (name, value) in program.Variables) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private int[] Pids()
    {
        var file = Path.Combine(_folder.FullName, "pids");
        return File.Exists(file) ? [.. File.ReadAllLines(file).Select(line => int.Parse(line, CultureInfo.InvariantCulture))] : [];
    }
}
