using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using SandQueue.Testing;

namespace SandQueue.Frames.Tests;

/// <summary>A client and a server over a real socket.</summary>
public sealed class FrameCallTests : IAsyncDisposable
{
    private const int Most = 1 << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly ConcurrentQueue<Verb> _asked = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameClient? _client;
    private Task _serving = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        await _stopped.CancelAsync();
        await _serving.WaitAsync(Limit, CancellationToken.None);
        _stopped.Dispose();
    }

    [Fact]
    public async Task A_call_is_answered()
    {
        var client = await OpenAsync();
        var answer = await CallAsync(client, "hello");
        (answer.Code, Text(answer)).ShouldBe((Status.Ok, "hello"));
        _asked.ShouldBe([Verb.Step]);
    }

    [Fact]
    public async Task Each_of_many_calls_gets_its_own_answer()
    {
        var client = await OpenAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 5000), Cancel, async (number, _) =>
        {
            var said = number.ToString(CultureInfo.InvariantCulture).PadRight(number % 300, 'x');
            Text(await CallAsync(client, said)).ShouldBe(said);
        });
    }

    [Fact]
    public async Task Calls_that_begin_at_the_same_time_run_side_by_side_and_a_slow_one_holds_none()
    {
        var client = await OpenAsync();
        var slow = CallAsync(client, "block");
        var waiting = CallAsync(client, "wait");

        foreach (var number in Enumerable.Range(0, 100)) Text(await CallAsync(client, $"{number}")).ShouldBe($"{number}");

        (slow.IsCompleted, waiting.IsCompleted).ShouldBe((false, false));
        _open.SetResult();
        (Text(await slow), Text(await waiting)).ShouldBe(("block", "wait"));
    }

    [Theory]
    [InlineData("large 1048576", Status.Ok, 1048576)]
    [InlineData("large 1048577", Status.TooLarge, 0)]
    [InlineData("throw", Status.Failed, 0)]
    [InlineData("refuse", (ushort)400, 6)]
    public async Task An_answer_has_its_status(string said, ushort status, int length)
    {
        var client = await OpenAsync();
        var answer = await CallAsync(client, said);
        (answer.Code, answer.Body.Length).ShouldBe((status, length));
        Text(await CallAsync(client, "on")).ShouldBe("on");
    }

    [Fact]
    public async Task Long_requests_and_long_answers_come_whole_beside_short_ones()
    {
        var client = await OpenAsync();
        await Parallel.ForEachAsync(Enumerable.Range(0, 200), Cancel, async (number, _) =>
        {
            var said = new string((char)('a' + number % 26), number % 10 == 0 ? Most - number : number);
            Text(await CallAsync(client, said)).ShouldBe(said);
        });
    }

    [Fact]
    public async Task A_long_request_that_was_given_up_is_given_up_in_the_server_too()
    {
        var client = await OpenAsync();
        using var given = new CancellationTokenSource();
        var hanging = client.CallAsync(Verb.Step, Encoding.UTF8.GetBytes("until given up".PadRight(Most)), given.Token).AsTask();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(hanging.WaitAsync(Limit, Cancel));
        await _givenUp.Task.WaitAsync(Limit, Cancel);
    }

    [Fact]
    public async Task Who_gives_up_waits_no_longer_and_the_server_is_told()
    {
        var client = await OpenAsync();
        using var given = new CancellationTokenSource();
        var hanging = client.CallAsync(Verb.Step, "until given up"u8.ToArray(), given.Token).AsTask();
        await Until.TrueAsync("it hangs", () => !_asked.IsEmpty, Limit);

        await given.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(hanging.WaitAsync(Limit, Cancel))).CancellationToken.ShouldBe(given.Token);
        await _givenUp.Task.WaitAsync(Limit, Cancel);
        Text(await CallAsync(client, "on")).ShouldBe("on");
    }

    [Fact]
    public async Task A_connection_that_is_lost_fails_its_calls_and_gives_them_up_in_the_server()
    {
        var client = await OpenAsync();
        var hanging = CallAsync(client, "until given up");
        await Until.TrueAsync("it hangs", () => !_asked.IsEmpty, Limit);

        client.Close("for a reason");

        (await Should.ThrowAsync<IOException>(hanging.WaitAsync(Limit, Cancel))).Message.ShouldBe("for a reason");
        await _givenUp.Task.WaitAsync(Limit, Cancel);
        client.IsOpen.ShouldBeFalse();
        await Should.ThrowAsync<ObjectDisposedException>(CallAsync(client, "again"));
    }

    [Fact]
    public async Task A_server_that_ends_fails_the_calls()
    {
        var client = await OpenAsync();
        var hanging = CallAsync(client, "until given up");
        await Until.TrueAsync("it hangs", () => !_asked.IsEmpty, Limit);

        await _stopped.CancelAsync();

        (await Should.ThrowAsync<IOException>(hanging.WaitAsync(Limit, Cancel))).Message.ShouldNotBeEmpty();
    }

    private async Task<FrameClient> OpenAsync()
    {
        var (one, other) = await SocketPair.ConnectAsync(Cancel);
        _serving = FrameServer.ServeAsync(other, AnswerAsync, 4 * Most, TimeProvider.System, _stopped.Token);
        return _client = await FrameClient.OpenAsync(one, Most, Cancel);
    }

    private async ValueTask<ushort> AnswerAsync(Verb verb, ReadOnlyMemory<byte> body, ArrayBufferWriter<byte> answer, CancellationToken cancellationToken)
    {
        _asked.Enqueue(verb);
        var said = Encoding.UTF8.GetString(body.Span).TrimEnd();
        if (said == "block") _open.Task.Wait(Limit, CancellationToken.None);
        if (said == "wait") await _open.Task;
        if (said == "throw") throw new InvalidOperationException("as it was asked for");
        if (said == "until given up")
        {
            await using var given = cancellationToken.Register(_givenUp.SetResult);
            await _givenUp.Task;
            return Status.GivenUp;
        }

        if (said.StartsWith("large ", StringComparison.Ordinal)) answer.Write(new byte[int.Parse(said[6..], CultureInfo.InvariantCulture)]);
        else answer.Write(body.Span);
        return said == "refuse" ? (ushort)400 : Status.Ok;
    }

    private static Task<Frame> CallAsync(FrameClient client, string said) => client.CallAsync(Verb.Step, Encoding.UTF8.GetBytes(said), Cancel).AsTask();

    private static string Text(Frame answer) => Encoding.UTF8.GetString(answer.Body.Span);
}
