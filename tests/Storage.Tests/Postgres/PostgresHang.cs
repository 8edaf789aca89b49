using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace SandQueue.Storage.Tests.Postgres;

/// <summary>A hang of a database: its server's processes are stopped by a signal, and go on when this is disposed of. Other databases go on.</summary>
internal sealed class PostgresHang(IReadOnlyList<string> processes) : IAsyncDisposable
{
    public static async Task<PostgresHang> StartAsync(string connectionString)
    {
        await using var source = NpgsqlDataSource.Create($"{connectionString};Pooling=false");
        await using var command = source.CreateCommand("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await using var reader = await command.ExecuteReaderAsync();
        var processes = new List<string>();
        while (await reader.ReadAsync()) processes.Add(reader.GetInt32(0).ToString(CultureInfo.InvariantCulture));
        var hang = new PostgresHang(processes);
        await hang.SignalAsync("STOP");
        return hang;
    }

    public async ValueTask DisposeAsync() => await SignalAsync("CONT");

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, .. processes]);
        await kill.WaitForExitAsync();
    }
}
