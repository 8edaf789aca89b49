using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SandQueue.Testing;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Pools;
using SandQueue.Workers.Protocols.EnvironmentService;
using SandQueue.Workers.Tests.Pools;

namespace SandQueue.Workers.Tests.Protocols.Http;

/// <summary>
/// What an environment server may do with a step over a real socket. Each ends in time as a failure of the environment that has a name,
/// takes bounded memory, and is never a reward.
/// </summary>
public sealed class HostileServerTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private const string Rewarded = """{"success":true,"data":{"state":[{"role":"user","content":"x"}],"reward":999,"is_terminated":true,"info":{}}}""";

    private const long MostBytes = 1 << 20;

    /// <summary>What an answer may cost beyond what is kept of it: what lies in the kernel, and what was read ahead.</summary>
    private const long MostSent = MostBytes + (2 << 20);

    /// <summary>For what only a limit ends.</summary>
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private static readonly Dictionary<string, (string Failure, Func<HostileConnection, Task> Answer)> Answers = new()
    {
        ["a body that trickles"] = ("did not answer within 1 s", WithHead($"{Ok}Content-Length: 1000\r\n\r\n", client => client.TrickleForeverAsync("x"))),
        ["a head that trickles"] = ("did not answer within 1 s", WithHead(Ok, client => client.TrickleForeverAsync("X: y\r\n"))),
        ["a head that stops"] = ("did not answer within 1 s", WithHead(Ok, client => client.HangAsync())),
        ["nothing"] = ("did not answer within 1 s", client => client.HangAsync()),
        ["a body that is announced and never comes"] = ("did not answer within 1 s", WithHead($"{Ok}Content-Length: 1000\r\n\r\n", client => client.HangAsync())),
        ["interim answers that trickle"] = ("did not answer within 1 s", client => client.TrickleForeverAsync("HTTP/1.1 102 Processing\r\n\r\n")),
        ["another protocol, and silence"] = ("did not answer within 1 s", WithHead("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", client => client.HangAsync())),
        ["one header without end"] = ("did not answer: ", WithHead($"{Ok}X: ", client => client.SendForeverAsync("y"))),
        ["headers without end"] = ("did not answer: ", WithHead(Ok, client => client.SendForeverAsync("X: y\r\n"))),
        ["a status line without end"] = ("did not answer: ", WithHead("HTTP/1.1 200 ", client => client.SendForeverAsync("K"))),
        ["a flood of interim answers"] = ("did not answer: ", client => client.SendForeverAsync("HTTP/1.1 100 Continue\r\n\r\n")),
        ["a body without length and without end"] = ("answer is larger than 1048576 bytes (MaxAnswerMb)", WithHead($"{Ok}\r\n", client => client.SendForeverAsync("x"))),
        ["chunks without end"] = ("answer is larger than 1048576 bytes (MaxAnswerMb)", WithHead($"{Ok}Transfer-Encoding: chunked\r\n\r\n", client => client.SendForeverAsync($"64\r\n{new string('x', 100)}\r\n"))),
        ["a chunk whose length never ends"] = ("did not answer: ", WithHead($"{Ok}Transfer-Encoding: chunked\r\n\r\n1;", client => client.SendForeverAsync("x"))),
        ["trailers without end"] = ("did not answer: ", WithHead($"{Ok}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", client => client.SendForeverAsync("X: y\r\n"))),
        ["another protocol, without end"] = ("answer is larger than 1048576 bytes (MaxAnswerMb)", WithHead("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n", client => client.SendForeverAsync("x"))),
        ["more than may be, announced"] = ("answer is larger than 1048576 bytes (MaxAnswerMb)", Once($"{Ok}Content-Length: 1048577\r\n\r\n")),
        ["more than 64 bits, announced"] = ("cannot be read", Once($"{Ok}Content-Length: 99999999999999999999\r\n\r\n{Rewarded[..^1]}")),
        ["no HTTP"] = ("did not answer: ", Once($"{Rewarded}\r\n\r\n")),
        ["a connection that is closed at once"] = ("did not answer: ", Once("")),
        ["a connection that is closed in the head"] = ("did not answer: ", Once(Ok)),
        ["a connection that is closed in the body"] = ("did not answer: ", Once($"{Ok}Content-Length: {Rewarded.Length}\r\n\r\n{Rewarded[..^1]}")),
        ["a connection that is closed between chunks"] = ("did not answer: ", Once($"{Ok}Transfer-Encoding: chunked\r\n\r\n{Rewarded.Length:x}\r\n{Rewarded}\r\n")),
        ["a connection that is closed in a body without length"] = ("cannot be read", Once($"{Ok}\r\n{Rewarded[..^1]}")),
        ["an answer and something behind it"] = ("cannot be read", Once($"{Ok}\r\n{Rewarded}{Rewarded}")),
        ["a success that is none"] = ("answered 206 without a detail", Once($"HTTP/1.1 206 Partial Content\r\nContent-Length: {Rewarded.Length}\r\n\r\n{Rewarded}")),
        ["a redirect with a reward"] = ("answered 307 without a detail", Once($"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://environment/other\r\nContent-Length: {Rewarded.Length}\r\n\r\n{Rewarded}")),
        ["a packed answer"] = ("bytes that are no UTF-8", Packed(Encoding.UTF8.GetBytes(Rewarded))),
        ["a packed bomb"] = ("bytes that are no UTF-8", Packed(new byte[32 << 20])),
        ["a detail of escape characters"] = ("\\u001b[31mred", Once("HTTP/1.1 500 \u001b[31mred\r\n\r\n{\"detail\":\"\\u001b[31mred\\n\"}")),
    };

    public static TheoryData<string> Names => new(Answers.Keys);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_step_that_is_answered_by(string name)
    {
        var (failure, answer) = Answers[name];
        await using var server = new HostileServer(answer);
        var limit = failure.Contains("within 1 s", StringComparison.Ordinal) ? Short : Long;

        var failed = await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(server, limit).WaitAsync(limit + Long, Cancel));

        failed.Message.ShouldContain(failure);
        failed.Message.ShouldAllBe(letter => letter >= ' ');
        server.Sent.ShouldBeLessThan(MostSent);
        server.Requests.ShouldBeLessThanOrEqualTo(1, "the step was sent again, or something else was asked for");
        if (limit == Long) server.Requests.ShouldBe(1);
    }

    [Theory]
    [InlineData("a head that trickles")]
    [InlineData("one header without end")]
    [InlineData("headers without end")]
    [InlineData("a flood of interim answers")]
    [InlineData("a redirect with a reward")]
    [InlineData("nothing")]
    public async Task A_health_check_ends_in_time_when_it_is_answered_by(string name)
    {
        await using var server = new HostileServer(Answers[name].Answer);
        var starter = new ContainerStarter(
            "test", new EnvironmentOptions(), new FakeRuntime(), new EnvironmentServiceProtocol(new EnvironmentOptions(), TimeProvider.System), TimeProvider.System, NullLogger.Instance);

        (await starter.IsHealthyAsync(server, Short, Cancel).WaitAsync(Long, Cancel)).ShouldBeFalse();
        (await starter.HasOverdueCallAsync(server, Short, Cancel).WaitAsync(Long, Cancel)).ShouldBeFalse();

        // Each attempt costs a head at most.
        (server.Sent / Math.Max(server.Requests, 1)).ShouldBeLessThan(1 << 20);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_reaches_nobody(int status)
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        await using var server = new HostileServer(Once($"HTTP/1.1 {status} Elsewhere\r\nLocation: http://{elsewhere.LocalEndpoint}/\r\nContent-Length: 0\r\n\r\n"));

        (await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(server, Long))).Message.ShouldContain($"answered {status} without a detail");

        elsewhere.Pending().ShouldBeFalse();
        server.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_in_thousands_of_pieces_is_one_answer()
    {
        var chunks = string.Concat(Mine("1", new string('x', 20_000)).Select(letter => $"1;extension=x\r\n{letter}\r\n"));
        await using var server = new HostileServer(Once($"{Ok}Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"));
        (await StepAsync(server, Long)).Reward.ShouldBe(1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_answer_to_one_request_is_nobodys_answer(bool atOnce)
    {
        var asked = 0;
        await using var server = new HostileServer(async client =>
        {
            var (mine, second) = (Message(Mine($"{++asked}")), Message(Rewarded));
            client.GoesOn = true;
            await client.SendAsync(atOnce ? mine + second : mine);
            if (!atOnce) await client.SendAsync(second);
        });

        for (var step = 1; step <= 20; step++)
        {
            (await StepAsync(server, Long)).Reward.ShouldBe(step);
            await Until.TrueAsync("the second was sent", () => server.Sent >= step * (Message(Mine("1")).Length + Message(Rewarded).Length), Long);
        }
    }

    [Fact]
    public async Task Values_that_take_more_memory_parsed_than_written_are_limited()
    {
        var many = Message($$"""{"data":{"state":[{"role":"user","content":"x"}],"reward":1,"info":{"x":[{{string.Concat(Enumerable.Repeat("0,", AnswerValues.Most))}}0]} } }""");
        await using var server = new HostileServer(Once(many));
        (await Should.ThrowAsync<EnvironmentFailedException>(StepAsync(server, Long, mostBytes: 100 << 20))).Message.ShouldContain("more than 2000000 values");
    }

    [Fact]
    public async Task Memory_is_taken_for_what_came_and_not_for_what_was_announced()
    {
        const int Calls = 100;
        await using var server = new HostileServer(WithHead($"{Ok}Content-Length: {16 << 20}\r\n\r\nx", client => client.HangAsync()));
        var before = GC.GetTotalAllocatedBytes();

        var steps = Enumerable.Range(0, Calls).Select(_ => StepAsync(server, Short, mostBytes: 100 << 20)).ToList();
        foreach (var step in steps) await Should.ThrowAsync<EnvironmentTimeoutException>(step);

        // Other tests run beside this one. What is announced is 1.6 GB.
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(1_200L << 20);
    }

    private static async Task<StepAnswer> StepAsync(HostileServer server, TimeSpan limit, long mostBytes = MostBytes)
    {
        var instance = LimitedEnvironmentInstance.Of(
            new EnvironmentServiceInstance(server, new EnvironmentServiceCall(mostBytes, TimeProvider.System), "i", default),
            new LimitedCalls(limit, TimeProvider.System, new CallCount()));
        return StepAnswer.Compose(await instance.StepAsync("""{"role":"assistant","content":"act"}"""u8.ToArray(), default, Cancel), 1, null, CanonicalForm.Exact);
    }

    private static string Mine(string reward, string observation = "x") =>
        $$$"""{"success":true,"data":{"state":[{"role":"user","content":"{{{observation}}}"}],"reward":{{{reward}}},"is_terminated":false,"info":{} } }""";

    private static string Message(string body) => $"{Ok}Content-Length: {body.Length}\r\n\r\n{body}";

    private static Func<HostileConnection, Task> Once(string answer) => client => client.SendAsync(answer);

    private static Func<HostileConnection, Task> WithHead(string head, Func<HostileConnection, Task> then) => async client =>
    {
        await client.SendAsync(head);
        await then(client);
    };

    private static Func<HostileConnection, Task> Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body);
        var bytes = packed.ToArray();
        return async client =>
        {
            await client.SendAsync($"{Ok}Content-Encoding: gzip\r\nContent-Length: {bytes.Length}\r\n\r\n");
            await client.SendAsync(bytes);
        };
    }
}
