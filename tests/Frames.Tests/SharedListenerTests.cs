using System.Net;
using System.Net.Sockets;
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
        _listener = new SharedListener(socket, http, async (stream, _) => await stream.DisposeAsync(), LongestSilence, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    [Fact]
    public async Task A_connection_that_says_nothing_is_closed_after_a_while()
    {
        using var silent = await ConnectAsync();
        var closed = silent.ReceiveAsync(new byte[1], Cancel).AsTask();

        // Time passes again and again, for at first it may not have been taken yet.
        await Until.TrueAsync(
            "it was closed",
            () =>
            {
                _time.Advance(LongestSilence);
                return closed.IsCompleted;
            },
            TimeSpan.FromSeconds(30));

        (await closed).ShouldBe(0);
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

    private async Task<Socket> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(_listener.EndPoint, Cancel);
        return client;
    }
}
