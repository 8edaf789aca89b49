using System.Net.Sockets;

namespace SandQueue.Frames.Tests;

/// <summary>What the other side may send, and what becomes of the calls that are under way then.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class HostilePeerTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private NetworkStream? _peer;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_peer is not null) await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("00000000", "a frame of 0 bytes came")]
    [InlineData("FFFFFF7F", "a frame with a body of 2147483641 bytes came; 1000 are the most")]
    [InlineData("48545450", "1000 are the most")]
    [InlineData("0600000007000000C800", "an answer came to call 7, which was not made")]
    [InlineData("0600000007000000C880", "an answer came to call 7, which was not made")]
    [InlineData("0600000001", "closed the connection")]
    [InlineData("", "closed the connection")]
    public async Task Garbage_breaks_the_connection_and_is_named(string hex, string said)
    {
        var client = await OpenAsync();
        var call = client.CallAsync(Verb.Step, "{}"u8.ToArray(), Cancel).AsTask();

        // The greeting and the call: what closes a connection of which it has read nothing resets it.
        await _peer!.ReadExactlyAsync(new byte[16 + 12], Cancel);
        await _peer.WriteAsync(Convert.FromHexString(hex), Cancel);
        if (said.StartsWith("closed", StringComparison.Ordinal)) await _peer.DisposeAsync();

        (await Should.ThrowAsync<IOException>(call.WaitAsync(Limit, Cancel))).Message.ShouldContain(said);
        client.IsOpen.ShouldBeFalse();
    }

    [Fact]
    public async Task A_second_answer_to_the_same_call_breaks_the_connection()
    {
        var client = await OpenAsync();
        var call = client.CallAsync(Verb.Step, "{}"u8.ToArray(), Cancel).AsTask();
        await _peer!.WriteAsync(Convert.FromHexString("0600000001000000C800"), Cancel);
        (await call.WaitAsync(Limit, Cancel)).Code.ShouldBe(Status.Ok);
        var next = client.CallAsync(Verb.Step, "{}"u8.ToArray(), Cancel).AsTask();

        await _peer.WriteAsync(Convert.FromHexString("0600000001000000C800"), Cancel);

        (await Should.ThrowAsync<IOException>(next.WaitAsync(Limit, Cancel))).Message.ShouldContain("which was not made");
    }

    [Fact]
    public async Task Parts_of_more_than_may_come_break_the_connection()
    {
        var client = await OpenAsync();
        var call = client.CallAsync(Verb.Step, "{}"u8.ToArray(), Cancel).AsTask();
        var part = Convert.FromHexString("0602000001000000C880").Concat(new byte[512]).ToArray();

        await _peer!.WriteAsync(part, Cancel);
        await _peer.WriteAsync(part, Cancel);

        (await Should.ThrowAsync<IOException>(call.WaitAsync(Limit, Cancel))).Message.ShouldContain("parts of a body of more than 1000 bytes came");
    }

    [Theory]
    [InlineData("0600000001000000C800" + "00000000")]
    [InlineData("0600000001000000C800" + "0600000009000000C800")]
    public async Task An_answer_that_came_with_garbage_behind_it_counts(string hex)
    {
        var client = await OpenAsync();
        var (answered, broken) = (CallAsync(client), CallAsync(client));

        await _peer!.WriteAsync(Convert.FromHexString(hex), Cancel);

        (await answered.WaitAsync(Limit, Cancel)).Code.ShouldBe(Status.Ok);
        await Should.ThrowAsync<IOException>(broken.WaitAsync(Limit, Cancel));
    }

    [Fact]
    public async Task A_last_part_that_is_too_much_fails_its_call()
    {
        var client = await OpenAsync();
        var call = CallAsync(client);
        await _peer!.WriteAsync(Convert.FromHexString("0602000001000000C880").Concat(new byte[512]).Concat(Convert.FromHexString("0602000001000000C800")).Concat(new byte[512]).ToArray(), Cancel);
        (await Should.ThrowAsync<IOException>(call.WaitAsync(Limit, Cancel))).Message.ShouldContain("parts of a body of more than 1000 bytes came");
    }

    [Fact]
    public async Task Long_answers_that_never_end_are_bounded_together()
    {
        var client = await OpenAsync();
        List<Task<Frame>> calls = [.. Enumerable.Range(0, 6).Select(_ => CallAsync(client))];
        for (var number = 1; number <= calls.Count; number++)
        {
            byte[] part = [.. Convert.FromHexString($"A60300000{number}000000C880"), .. new byte[928]];
            try
            {
                await _peer!.WriteAsync(part, Cancel);
            }
            catch (IOException)
            {
                // It has hung up by now.
            }
        }

        foreach (var call in calls) (await Should.ThrowAsync<IOException>(call.WaitAsync(Limit, Cancel))).Message.ShouldContain("at once");
    }

    [Fact]
    public async Task A_connection_that_is_retired_ends_with_its_last_call()
    {
        var client = await OpenAsync();
        var call = CallAsync(client);

        client.Retire();

        client.IsOpen.ShouldBeFalse();
        await Should.ThrowAsync<ObjectDisposedException>(CallAsync(client).WaitAsync(Limit, Cancel));
        await _peer!.WriteAsync(Convert.FromHexString("0600000001000000C800"), Cancel);
        (await call.WaitAsync(Limit, Cancel)).Code.ShouldBe(Status.Ok);
        await Should.ThrowAsync<ObjectDisposedException>(CallAsync(client).WaitAsync(Limit, Cancel));
    }

    [Fact]
    public async Task Memory_is_taken_for_what_has_come_and_not_for_what_is_announced()
    {
        const int Most = 1 << 30;
        var client = await OpenAsync(Most);
        var call = client.CallAsync(Verb.Step, "{}"u8.ToArray(), Cancel).AsTask();
        var before = GC.GetTotalAllocatedBytes();

        await _peer!.WriteAsync(BitConverter.GetBytes(Most), Cancel);
        await _peer.DisposeAsync();
        await Should.ThrowAsync<IOException>(call.WaitAsync(Limit, Cancel));

        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(64 << 20);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("\0sqfrm/2")]
    public async Task What_speaks_something_else_is_told_apart(string answer)
    {
        var (one, other) = await SocketPair.ConnectAsync(Cancel);
        _peer = other;
        await other.WriteAsync(System.Text.Encoding.Latin1.GetBytes(answer), Cancel);
        await Should.ThrowAsync<InvalidDataException>(FrameClient.OpenAsync(one, 1000, Cancel).WaitAsync(Limit, Cancel));
    }

    [Fact]
    public async Task A_greeting_that_breaks_off_is_a_broken_connection()
    {
        var (one, other) = await SocketPair.ConnectAsync(Cancel);
        await other.WriteAsync("\0sq"u8.ToArray(), Cancel);
        await other.DisposeAsync();
        await Should.ThrowAsync<IOException>(FrameClient.OpenAsync(one, 1000, Cancel).WaitAsync(Limit, Cancel));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("\0sqfrm/1\0\0\0\0\r\n\r\n")]
    [InlineData("\0sqfrm/1\u0001\0\0\0\r\n\r\r")]
    public async Task A_server_hangs_up_on_what_is_no_greeting(string greeting)
    {
        var (one, other) = await SocketPair.ConnectAsync(Cancel);
        _peer = one;
        var serving = FrameServer.ServeAsync(other, (_, _, _, _) => new(Status.Ok), 1000, TimeProvider.System, Cancel);

        await one.WriteAsync(System.Text.Encoding.Latin1.GetBytes(greeting), Cancel);

        await serving.WaitAsync(Limit, Cancel);
    }

    private static Task<Frame> CallAsync(FrameClient client) => client.CallAsync(Verb.Step, "{}"u8.ToArray(), Cancel).AsTask();

    /// <summary>A client whose server is the test.</summary>
    private async Task<FrameClient> OpenAsync(int mostBytes = 1000)
    {
        var (one, other) = await SocketPair.ConnectAsync(Cancel);
        _peer = other;
        await other.WriteAsync("\0sqfrm/1"u8.ToArray(), Cancel);
        return await FrameClient.OpenAsync(one, mostBytes, Cancel);
    }
}
