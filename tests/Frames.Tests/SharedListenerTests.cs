using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Testing;

namespace SandQueue.Frames.Tests;

/// <summary>Who is let in where HTTP and frames share an address.</summary>
public sealed class SharedListenerTests : IAsyncDisposable
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(130);

    private readonly FakeTimeProvider _time = new();
    private readonly SharedListener _listener;

    public SharedListenerTests()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen();
        var http = new SocketConnectionContextFactory(new SocketConnectionFactoryOptions(), NullLogger.Instance);
        _listener = new SharedListener(socket, http, (stream, cancellationToken) => FrameServer.ServeAsync(stream, (_, _, _, _) => new(Status.Ok), 1000, _time, cancellationToken), LongestSilence, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("\0sqfrm/1")]
    public async Task A_connection_that_does_not_say_what_it_is_is_closed_after_a_while(string said)
    {
        using var silent = await ConnectAsync();
        await silent.SendAsync(Encoding.ASCII.GetBytes(said), Cancel);
        var closed = IsClosedAsync(silent);

        // Time passes again and again, for at first it may not have been taken yet.
        await Until.TrueAsync(
            "it was closed",
            () =>
            {
                _time.Advance(LongestSilence);
                return closed.IsCompleted;
            },
            TimeSpan.FromSeconds(30));

        (await closed).ShouldBeTrue();
    }

    [Fact]
    public async Task One_that_carries_frames_stays_open_however_long_it_is_quiet()
    {
        await using var stream = new NetworkStream(await ConnectAsync(), ownsSocket: true);
        using var client = await FrameClient.OpenAsync(stream, mostBytes: 1000, Cancel);
        (await client.CallAsync(Verb.Step, default, Cancel)).Code.ShouldBe(Status.Ok);

        _time.Advance(10 * LongestSilence);

        (await client.CallAsync(Verb.Step, default, Cancel)).Code.ShouldBe(Status.Ok);
    }

    [Fact]
    public async Task One_that_speaks_HTTP_is_handed_on_with_all_that_it_said()
    {
        using var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1"u8.ToArray(), Cancel);

        await using var taken = (await _listener.AcceptAsync(Cancel)).ShouldNotBeNull();

        var read = await taken.Transport.Input.ReadAtLeastAsync(14, Cancel);
        read.Buffer.FirstSpan.StartsWith("GET / HTTP/1.1"u8).ShouldBeTrue();
        taken.Transport.Input.AdvanceTo(read.Buffer.End);
    }

    /// <summary>Waits for the end of a connection, in order or, where something that was sent was not read, by a reset.</summary>
    private static async Task<bool> IsClosedAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1], Cancel) == 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_listener.EndPoint, Cancel);
        return client;
    }
}
