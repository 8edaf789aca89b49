using System.Net;
using System.Net.Sockets;
using System.Text;
using SandQueue.EndToEnd.Mistakes.Replay;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.Mistakes;

/// <summary>Callers that send a byte now and then, and hold their connections with it.</summary>
public sealed class SlowRequestTests : IAsyncLifetime
{
    private const int CallersOfEach = 4;

    private const string Head = "POST /step HTTP/1.1\r\nHost: 127.0.0.1\r\n";

    private const string TooSlow = "the body did not come within 2 s (Gateway:ReadTimeout)";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The program's limit here, the 5 s for which it still reads what comes after its answer, and a slow machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>What is slow, how it starts, what follows every 100 ms (of bodies more than the web server's own least rate), and what is said of it.</summary>
    private static readonly (string What, string Start, string Piece, string Told)[] Slow =
    [
        ("a request line", "POST /st", "e", "the request was refused: "),
        ("a header", $"{Head}X-Slow: ", "x", "the request was refused: "),
        ("a body", $"{Head}Content-Length: 1000000\r\n\r\n", new string(' ', 50), TooSlow),
        ("chunks", $"{Head}Transfer-Encoding: chunked\r\n\r\n", $"20\r\n{new string(' ', 32)}\r\n", TooSlow),
    ];

    private RunningProgram _program = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_Gateway__ReadTimeout", "00:00:02"));

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task Each_is_refused_in_time_and_its_connection_closed_and_others_are_served_meanwhile()
    {
        var slow = Slow.SelectMany(kind => Enumerable.Repeat(kind, CallersOfEach)).Select(async kind => (Kind: kind, Answer: await TrickleAsync(kind.Start, kind.Piece))).ToList();
        (await _program.Caller.CreatedAsync("frozenlake", "4x4-0")).ShouldNotBeEmpty();

        foreach (var (kind, answer) in await Task.WhenAll(slow).WaitAsync(Limit + Limit, Cancel))
        {
            new PlayedRequest(new HostileRequest(kind.What, [], [(int)HttpStatusCode.RequestTimeout], kind.Told, Limit), answer).Problems.ShouldBeEmpty();
        }
    }

    /// <summary>Sends a beginning, and then piece after piece until the connection ends.</summary>
    private async Task<PlainAnswer> TrickleAsync(string start, string piece)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var client = new TcpClient();
        await client.ConnectAsync(_program.Address.Host, _program.Address.Port, Cancel);
        var connection = client.GetStream();
        await connection.WriteAsync(Encoding.Latin1.GetBytes(start), Cancel);
        var received = ReadAsync(connection);
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!received.IsCompleted && await timer.WaitForNextTickAsync(Cancel)) await connection.WriteAsync(Encoding.Latin1.GetBytes(piece), Cancel);
        }
        catch (IOException)
        {
            // It was closed at the other end.
        }

        return PlainAnswer.Read(await received, TimeProvider.System.GetElapsedTime(started), broken: null);
    }

    private static async Task<byte[]> ReadAsync(NetworkStream connection)
    {
        var received = new MemoryStream();
        try
        {
            await connection.CopyToAsync(received, Cancel);
        }
        catch (IOException)
        {
            // What came before it was cut is the answer.
        }

        return received.ToArray();
    }
}
