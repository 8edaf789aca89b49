using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SandQueue.Contracts;
using SandQueue.Storage;
using SandQueue.Storage.Instances;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Testing;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace SandQueue.Gateway.Tests.RestV1.Reads;

/// <summary>A client that reads its event stream slowly, in front of PostgreSQL and a pool of one connection.</summary>
public sealed class SlowReaderTests(PostgresServer postgres) : IAsyncLifetime
{
    /// <summary>More than the sockets of both ends hold.</summary>
    private const int Entries = 40;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly string _name = $"sandqueue_{Guid.NewGuid():n}";
    private RestServer? _server;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (!await postgres.StartAsync()) return;
        await ExecuteAsync($"CREATE DATABASE {_name}");
        _server = new RestServer { Storage = new StorageOptions { Database = DatabaseKind.Postgres, ConnectionString = $"{postgres.Database(_name)};Maximum Pool Size=1" } };
        await _server.InitializeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is null) return;
        await _server.DisposeAsync();
        NpgsqlConnection.ClearAllPools();
        await ExecuteAsync($"DROP DATABASE {_name} WITH (FORCE)");
    }

    [Fact]
    public async Task It_holds_no_connection_while_others_ask()
    {
        Assert.SkipWhen(_server is null, postgres.Missing ?? "");
        await RecordAsync();
        using var client = new TcpClient { ReceiveBufferSize = 8 << 10 };
        await client.ConnectAsync("127.0.0.1", _server.Address.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync("GET /v1/instances/i/episode HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer key-one\r\nAccept: text/event-stream\r\n\r\n"u8.ToArray(), Cancel);
        var (beginning, heard) = (new byte[4096], "");
        while (!heard.Contains("event: entry", StringComparison.Ordinal)) heard += Encoding.ASCII.GetString(beginning, 0, await stream.ReadAsync(beginning, Cancel));
        heard.ShouldStartWith("HTTP/1.1 200");
        await StandsStillAsync(client);

        for (var i = 0; i < 5; i++)
        {
            var answer = await _server.SendAsync("GET", "/v1/instances/i").WaitAsync(Limit, Cancel);
            answer.Status.ShouldBe(HttpStatusCode.OK, answer.Body);
        }

        // It did not end the stream either: what is read on is what was recorded.
        var (told, piece) = (heard.Split("event: entry").Length - 1, new byte[1 << 20]);
        while (told < Entries)
        {
            var read = await stream.ReadAsync(piece, Cancel).AsTask().WaitAsync(Limit, Cancel);
            read.ShouldBeGreaterThan(0);
            told += piece.AsSpan(0, read).Count("event: entry"u8);
        }
    }

    /// <summary>Nothing more comes, because nothing is read: the server waits for its reader.</summary>
    private static Task StandsStillAsync(TcpClient client)
    {
        var (before, times) = (0, 0);
        return Until.TrueAsync(
            "the stream stands still",
            () =>
            {
                times = client.Available == before && before > 0 ? times + 1 : 0;
                before = client.Available;
                return times == 10;
            },
            Limit);
    }

    private async Task RecordAsync()
    {
        var row = new Instance { Tenant = "mine", InstanceId = "i", EnvType = "e", TaskId = "t", Params = [], State = InstanceState.Live, Owner = "w", Epoch = 1 };
        (await _server!.Services.GetRequiredService<InstanceDirectory>().ClaimAsync(row, Cancel)).ShouldBeNull();
        var answer = Encoding.ASCII.GetBytes($"\"{new string('x', 1 << 20)}\"");
        for (var step = 1; step <= Entries; step++)
        {
            var entry = new JournalEntry { Tenant = "mine", CommandId = $"c{step}", EpisodeId = row.EpisodeId, Kind = JournalKind.Step, Step = step, End = CommandEnd.Completed, Epoch = 1, Answer = answer };
            var progress = new InstanceProgress { EpisodeId = row.EpisodeId, Epoch = 1, FromStep = step, NextStep = step + 1, State = InstanceState.Live, LastUsedAt = 1 };
            (await _server.Services.GetRequiredService<EpisodeJournal>().AppendAsync(new JournalAppend(entry, progress), Cancel)).ShouldBe(JournalVerdict.Committed);
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.Database("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
