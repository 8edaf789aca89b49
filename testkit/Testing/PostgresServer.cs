using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace SandQueue.Testing;

/// <summary>
/// A PostgreSQL server for tests: the one <c>SANDQUEUE_TEST_POSTGRES</c> names by a connection string, else one of the
/// tests' own on a free port and in a private folder. It starts when the first test asks for it. Tests are kept apart
/// by the databases they make in it.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Setting = "SANDQUEUE_TEST_POSTGRES";
    private const string Primary = "data";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private DirectoryInfo? _folder;
    private PostgresPrograms? _programs;
    private int _port;
    private ServerProcess? _process;
    private PostgresStandby? _standby;
    private StoppedProcesses? _frozen;
    private bool _started;

    /// <summary>Whether our own has a standby that each commit waits for.</summary>
    public bool HasStandby { get; init; }

    /// <summary>Why there is none, or null where there is one.</summary>
    public string? Missing { get; private set; }

    /// <summary>Whether it is the tests' own, which may be stopped and started again.</summary>
    public bool IsOurs => _folder is not null;

    /// <summary>The connection string of a database.</summary>
    public string Database(string name) => $"{Connection};Database={name}";

    /// <summary>Everything but the database's name.</summary>
    [NotNull]
    public string? Connection
    {
        get => field ?? throw new InvalidOperationException(Missing ?? "the server was not started yet");
        private set;
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Starts the server with the first call.</summary>
    /// <returns>Whether there is one; <see cref="Missing"/> says why not.</returns>
    public async Task<bool> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (!_started) await StartOnceAsync();
            _started = true;
            return Missing is null;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Lets our own server hang: no process of it runs until <see cref="ContinueAsync"/>, and nobody is told.</summary>
    public async Task FreezeAsync()
    {
        var status = await File.ReadAllLinesAsync(Path.Combine(_folder!.FullName, Primary, "postmaster.pid"));
        _frozen = await StoppedProcesses.StopAsync(int.Parse(status[0], CultureInfo.InvariantCulture));
    }

    /// <summary>Lets a server that hangs go on.</summary>
    public async Task ContinueAsync()
    {
        if (_frozen is not null) await _frozen.ContinueAsync();
        _frozen = null;
    }

    /// <summary>Stops our own server: every connection is cut, what was committed stays for <see cref="RunAsync"/>.</summary>
    public async Task StopAsync()
    {
        await ContinueAsync();
        if (_process is not null) await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>SIGKILL to our own server, which does not come back, and its standby takes its place.</summary>
    public async Task FailOverAsync()
    {
        var status = await File.ReadAllLinesAsync(Path.Combine(_folder!.FullName, Primary, "postmaster.pid"));
        using (var server = Process.GetProcessById(int.Parse(status[0], CultureInfo.InvariantCulture))) server.Kill();
        await StopAsync();
        await _standby!.PromoteAsync();
    }

    /// <summary>Starts our own server again.</summary>
    public async Task RunAsync() => _process = await _programs!.StartServerAsync(_folder!.FullName, Primary, _port);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_standby is not null) await _standby.DisposeAsync();
        if (_folder is not null) await _folder.RemoveAsync();
        _starting.Dispose();
    }

    private async Task StartOnceAsync()
    {
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } named)
        {
            Connection = named;
            return;
        }

        if (PostgresPrograms.Find() is not { } programs)
        {
            Missing = $"needs PostgreSQL: install postgresql, or name a server with {Setting}=Host=…;Username=…;Password=…";
            return;
        }

        (_programs, _port) = (programs, FreePort.Take());
        _folder = await programs.NewFolderAsync();
        var password = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(password, PostgresPrograms.Password);
        await programs.RunAsync(
            "initdb", "-D", Path.Combine(_folder.FullName, Primary), "-U", PostgresPrograms.User, "--auth=scram-sha-256", $"--pwfile={password}", "--encoding=UTF8", "--locale=C", "--no-sync");
        await RunAsync();
        var server = $"Host=127.0.0.1;Port={_port}";
        if (HasStandby)
        {
            _standby = await PostgresStandby.StartAsync(programs, _folder.FullName, _port);
            server = $"Host=127.0.0.1:{_port},127.0.0.1:{_standby.Port}";
        }

        Connection = $"{server};Username={PostgresPrograms.User};Password={PostgresPrograms.Password}";
    }
}
