using System.Globalization;
using System.Net.Sockets;

namespace SandQueue.Testing;

/// <summary>PostgreSQL's programs on this machine, run under the account of its server.</summary>
internal sealed class PostgresPrograms
{
    public const string User = "sandqueue";
    public const string Password = "only-for-tests";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);
    private static readonly Dictionary<string, string> Secret = new() { ["PGPASSWORD"] = Password };

    private readonly string _folder;
    private readonly ServerAccount _account;

    private PostgresPrograms(string folder, ServerAccount account) => (_folder, _account) = (folder, account);

    /// <returns>Null where PostgreSQL is not installed, or cannot be run from this account.</returns>
    public static PostgresPrograms? Find()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(version => int.TryParse(Path.GetFileName(version), out var number) ? number : 0).Select(version => Path.Combine(version, "bin"))
            : [];
        var folder = debian.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")));
        return folder is not null && ServerAccount.Find("postgres") is { } account ? new PostgresPrograms(folder, account) : null;
    }

    public Task<DirectoryInfo> NewFolderAsync() => _account.NewFolderAsync("sandqueue-pg-");

    /// <summary>Runs one of them to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has its output.</exception>
    public Task RunAsync(string program, params IEnumerable<string> arguments) => ServerProcess.RunAsync(_account.Wrap([Path.Combine(_folder, program), .. arguments]), Secret);

    /// <summary>Runs a statement at the server of a port.</summary>
    /// <exception cref="InvalidOperationException">The server refuses it, or is not there.</exception>
    public Task QueryAsync(int port, string statement) =>
        RunAsync("psql", "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U", User, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-c", statement);

    /// <summary>Whether a condition holds at the server of a port.</summary>
    public async Task<bool> HoldsAsync(int port, string condition)
    {
        try
        {
            await QueryAsync(port, $"DO $$ BEGIN ASSERT {condition}; END $$");
            return true;
        }
        catch (InvalidOperationException exception) when (exception.Message.Contains("assertion failed", StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>Starts a server, and waits until it takes connections.</summary>
    /// <param name="folder">The folder of its socket and its log.</param>
    /// <param name="data">The name of the folder in it that has its data.</param>
    /// <param name="port">Where it listens.</param>
    public async Task<ServerProcess> StartServerAsync(string folder, string data, int port)
    {
        var path = Path.Combine(folder, data);

        // What these tests stop is never this machine, so nothing need reach its disk.
        var process = ServerProcess.Start(
            _account.Wrap(
                Path.Combine(_folder, "postgres"), "-D", path, "-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-k", folder,
                "-c", "fsync=off", "-c", "max_connections=300"),
            [],
            "INT",
            Path.Combine(folder, "log"));
        await Until.TrueAsync("PostgreSQL starts", () => ListensAsync(port, Path.Combine(path, "postmaster.pid")), StartLimit, () => process.LastOutput);
        return process;
    }

    /// <summary>It listens before it takes connections; its own file says when it does.</summary>
    private static async Task<bool> ListensAsync(int port, string status)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return (await File.ReadAllLinesAsync(status)).Any(line => line.Trim() is "ready" or "standby");
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }
}
