using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SandQueue.Storage;

namespace SandQueue.Bench.Journal;

/// <summary>Processor time of this process and, on Linux, of all processes of a PostgreSQL server on this machine.</summary>
internal sealed class ProcessorTime
{
    /// <summary>Linux counts processor time in hundredths of a second.</summary>
    private const double TicksPerSecond = 100;

    private readonly string? _server;

    private ProcessorTime(string? server) => _server = server;

    public static async Task<ProcessorTime> OfAsync(StorageOptions storage)
    {
        if (storage.Database != DatabaseKind.Postgres || !OperatingSystem.IsLinux()) return new ProcessorTime(server: null);
        await using var source = NpgsqlDataSource.Create(storage.ConnectionString);
        await using var command = source.CreateCommand("SELECT pg_backend_pid()");
        var backend = ((int)(await command.ExecuteScalarAsync())!).ToString(CultureInfo.InvariantCulture);
        return new ProcessorTime(Stat(backend)?[Parent]);
    }

    public TimeSpan Used()
    {
        var own = Process.GetCurrentProcess().TotalProcessorTime;
        if (_server is null) return own;
        var ticks = new DirectoryInfo("/proc").EnumerateDirectories()
            .Where(folder => char.IsAsciiDigit(folder.Name[0]))
            .Select(folder => (folder.Name, Stat: Stat(folder.Name)))
            .Where(process => process.Stat is not null && (process.Name == _server || process.Stat[Parent] == _server))
            .Sum(process => long.Parse(process.Stat![User], CultureInfo.InvariantCulture) + long.Parse(process.Stat[System], CultureInfo.InvariantCulture));
        return own + TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private const int Parent = 1;
    private const int User = 11;
    private const int System = 12;

    /// <summary>The fields of <c>/proc/PID/stat</c> after the program's name; null where the process has ended.</summary>
    private static string[]? Stat(string process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
