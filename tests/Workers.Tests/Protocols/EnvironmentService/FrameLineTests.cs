using System.Net;
using System.Net.Sockets;
using System.Text;
using SandQueue.Frames;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Protocols.EnvironmentService;
using SandQueue.Workers.Protocols.Http;

namespace SandQueue.Workers.Tests.Protocols.EnvironmentService;

public sealed class FrameLineTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_connection_that_says_nothing_while_a_call_runs_out_of_time_is_not_used_again()
    {
        await using var container = new TwoConnections();
        var line = new FrameLine(container, 1 << 20, new ContainerCall(TimeProvider.System));
        line.MayBeUsed(offered: true);
        using var late = new CancellationTokenSource();
        var silent = line.TryCallAsync(Verb.Step, "{}"u8.ToArray(), late.Token).AsTask();
        await container.Silent.WaitAsync(Limit, Cancel);

        await late.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(silent.WaitAsync(Limit, Cancel));

        var answer = (await line.TryCallAsync(Verb.Step, "{}"u8.ToArray(), Cancel).AsTask().WaitAsync(Limit, Cancel)).ShouldNotBeNull();
        Encoding.UTF8.GetString(answer.Body.Span).ShouldBe("{}");
    }

    /// <summary>A server whose first connection takes a call and says nothing more; all later ones answer with what they were asked.</summary>
    private sealed class TwoConnections : IContainer
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource _silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly CancellationTokenSource _ended = new();
        private int _connections;

        public TwoConnections() => _listener.Start();

        /// <summary>The first connection has its call.</summary>
        public Task Silent => _silent.Task;

        public string Id => "two";

        public string ImageDigest => "sha256:two";

        public HttpClient Http { get; } = new();

        public Func<CancellationToken, ValueTask<Stream>>? Connect => ConnectAsync;

        public CancellationToken Exited => CancellationToken.None;

        public string LastOutput => "";

        public async ValueTask DisposeAsync()
        {
            await _ended.CancelAsync();
            _listener.Dispose();
            Http.Dispose();
        }

        private async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
        {
            var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)_listener.LocalEndpoint, cancellationToken);
            var server = await _listener.AcceptTcpClientAsync(cancellationToken);
            var isFirst = Interlocked.Increment(ref _connections) == 1;
            _ = FrameServer.ServeAsync(
                server.GetStream(),
                async (_, body, answer, given) =>
                {
                    if (isFirst)
                    {
                        _silent.TrySetResult();
                        await new TaskCompletionSource().Task.WaitAsync(_ended.Token);
                    }

                    body.Span.CopyTo(answer.GetSpan(body.Length));
                    answer.Advance(body.Length);
                    return Status.Ok;
                },
                1 << 20,
                TimeProvider.System,
                _ended.Token);
            return client.GetStream();
        }
    }
}
