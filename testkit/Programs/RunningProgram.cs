using System.Diagnostics;
using System.Runtime.InteropServices;
using SandQueue.Testing;
using SandQueue.Testing.Docker;

namespace SandQueue.Programs;

/// <summary>The real program, started as a process with folders and a port of its own.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    /// <summary>Its last line once it is up.</summary>
    private const string Up = " ends it.";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    /// <summary>For what hangs: how soon it ends is measured by the tests that say so.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly ProgramFolders _folders;
    private readonly ProgramSettings _settings;
    private readonly Caller _caller;
    private StartedProcess _process;
    private string[] _leftByKill = [];

    private RunningProgram(ProgramFolders folders, ProgramSettings settings, StartedProcess process, Uri address)
    {
        (_folders, _settings, _process) = (folders, settings, process);
        _caller = new Caller(address);
    }

    /// <summary>A caller without a key.</summary>
    public Caller Caller => _caller;

    public Uri Address => _caller.Address;

    public string Output => _process.Output;

    public string Errors => _process.Errors;

    public string Database => _folders.Database;

    public int ProcessId => _process.Id;

    /// <summary>The child processes that run now.</summary>
    public IReadOnlyList<int> Children => Processes.DescendantsOf(_process.Id);

    /// <summary>Starts the program and waits until it says that it is up.</summary>
    public static async Task<RunningProgram> StartAsync(ProgramSettings settings)
    {
        var folders = new ProgramFolders();
        var port = FreePort.Take();
        var program = new RunningProgram(folders, settings, Start(folders, settings, port), new Uri($"http://127.0.0.1:{port}"));
        await program.AwaitUpAsync();
        return program;
    }

    /// <summary>Starts a program that is expected to refuse, and waits for its end.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(IEnumerable<string> arguments, ProgramSettings settings)
    {
        await using var folders = new ProgramFolders();
        await using var process = StartedProcess.Start(Command(arguments), settings.Variables(folders));
        await process.WaitAsync(StartLimit);
        ProgramFolders.Everything(folders.Temporary).ShouldBeEmpty(process.Errors);
        return (process.ExitCode, process.Output, process.Errors);
    }

    public Caller CallerWithKey(string key) => new(Address, key);

    /// <summary>Signals the program as a terminal or a service manager does, and checks that it is gone in time, whole.</summary>
    public async Task EndAsync(PosixSignal signal = PosixSignal.SIGTERM)
    {
        var children = Children;
        children.ShouldNotBeEmpty();

        // A terminal signals all processes in front of it, the children too.
        if (signal == PosixSignal.SIGINT)
        {
            foreach (var child in children) Processes.Signal(child, signal);
        }

        Processes.Signal(_process.Id, signal);
        await _process.WaitAsync(EndLimit);
        _process.ExitCode.ShouldBe(0, Errors);
        children.Where(Processes.IsRunning).ShouldBeEmpty("child processes were left");
        ProgramFolders.Everything(_folders.Temporary).ShouldBe(_leftByKill, "temporary files were left");
        ProgramFolders.Everything(_folders.Home).ShouldBeEmpty("files were left in the home folder");

        // The key of stored secrets is made when the first of them comes, and stays with the database.
        ProgramFolders.Everything(_folders.Store).Where(name => name != "rollouts.key").ShouldBe(["lock", "sandqueue.db"]);
    }

    /// <summary>Ends the program by SIGKILL, and waits until its children are gone too.</summary>
    public async Task KillAsync()
    {
        var children = Children;
        children.ShouldNotBeEmpty();
        _process.Kill();
        await _process.WaitAsync(EndLimit);
        await Until.TrueAsync("the child processes end with the program", () => !children.Any(Processes.IsRunning), EndLimit);

        // What was killed can tidy nothing: the folder of its sockets stays.
        _leftByKill = ProgramFolders.Everything(_folders.Temporary);
    }

    /// <summary>Starts it again after it ended, with the same folders and port.</summary>
    public async Task StartAgainAsync()
    {
        await _process.DisposeAsync();
        _process = Start(_folders, _settings, Address.Port);
        await AwaitUpAsync();
    }

    /// <summary>Another program on the same data folder.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunBesideAsync(params string[] arguments) =>
        RunAsync([.. arguments, "--data", _folders.Store], _settings);

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        if (_process.IsRunning) Processes.Signal(_process.Id, PosixSignal.SIGTERM);
        await _process.DisposeAsync();
        await _folders.DisposeAsync();
    }

    private static StartedProcess Start(ProgramFolders folders, ProgramSettings settings, int port) => StartedProcess.Start(
        Command(["--listen", $"{settings.Address}:{port}", "--data", folders.Store, .. settings.Arguments]),
        settings.Variables(folders));

    private static ProcessStartInfo Command(IEnumerable<string> arguments) => new("dotnet", ["exec", BuiltProgram.Library("Gateway"), .. arguments]);

    private async Task AwaitUpAsync()
    {
        await _process.AwaitOutputAsync(Up, StartLimit);
        (await _caller.GetAsync("/healthz")).Body.ShouldBe("OK");
    }
}
