using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net.Sockets;
using SandQueue.Testing.Docker;

namespace SandQueue.Testing;

/// <summary>
/// A PostgreSQL server for tests: the one <c>SANDQUEUE_TEST_POSTGRES</c> names by a connection string, else one of the
/// tests' own on a free port and in a private folder. It starts when the first test asks for it. Tests are kept apart
/// by the databases they make in it.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string Setting = "SANDQUEUE_TEST_POSTGRES";
    private const string User = "sandqueue";
    private const string Password = "only-for-tests";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private DirectoryInfo? _folder;
    private ServerAccount? _account;
    private int _port;
    private ServerProcess? _process;
    private StoppedProcesses? _frozen;
    private bool _started;

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
        var status = await File.ReadAllLinesAsync(Path.Combine(_folder!.FullName, "data", "postmaster.pid"));
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

    /// <summary>Starts our own server again.</summary>
    public async Task RunAsync()
    {
        var data = Path.Combine(_folder!.FullName, "data");

        // What these tests stop is never this machine, so nothing need reach its disk.
        _process = ServerProcess.Start(
            _account!.Wrap(
                Path.Combine(Programs()!, "postgres"), "-D", data, "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "-k", _folder.FullName,
                "-c", "fsync=off", "-c", "max_connections=300"),
            [],
            "INT",
            Path.Combine(_folder.FullName, "log"));
        await Until.TrueAsync("PostgreSQL starts", () => ListensAsync(_port, Path.Combine(data, "postmaster.pid")), StartLimit, () => _process.LastOutput);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder?.Delete(recursive: true);
        _starting.Dispose();
    }

    private async Task StartOnceAsync()
    {
        if (Environment.GetEnvironmentVariable(Setting) is { Length: > 0 } named)
        {
            Connection = named;
            return;
        }

        if (Programs() is not { } programs || ServerAccount.Find("postgres") is not { } account)
        {
            Missing = $"needs PostgreSQL: install postgresql, or name a server with {Setting}=Host=…;Username=…;Password=…";
            return;
        }

        (_account, _port) = (account, FreePort.Take());
        _folder = await account.NewFolderAsync("sandqueue-pg-");
        var password = Path.Combine(_folder.FullName, "password");
        await File.WriteAllTextAsync(password, Password);
        await ServerProcess.RunAsync(
            account.Wrap(
                Path.Combine(programs, "initdb"), "-D", Path.Combine(_folder.FullName, "data"), "-U", User, "--auth=scram-sha-256", $"--pwfile={password}", "--encoding=UTF8", "--locale=C", "--no-sync"),
            []);
        Connection = $"Host=127.0.0.1;Port={_port};Username={User};Password={Password}";
        await RunAsync();
    }

    /// <summary>It listens before it takes connections; its own file says when it does.</summary>
    private static async Task<bool> ListensAsync(int port, string status)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return (await File.ReadAllLinesAsync(status)).Any(line => line.Trim() == "ready");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    private static string? Programs()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0).Select(version => Path.Combine(version, "bin"))
            : [];
        return debian.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
    }
}
