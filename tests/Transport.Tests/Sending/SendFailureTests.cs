using MassTransit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SandQueue.Transport.Brokers;
using SandQueue.Transport.Receiving;
using SandQueue.Transport.Memory;
using SandQueue.Transport.Sending;
using SandQueue.Transport.Tests.Health;

namespace SandQueue.Transport.Tests.Sending;

/// <summary>Whatever a transport throws, callers see one of three failures.</summary>
public sealed class SendFailureTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly IBusControl _bus = Bus.Factory.CreateUsingInMemory(_ => { });
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await _bus.StartAsync(Cancel);

    public async ValueTask DisposeAsync() => await _bus.StopAsync(CancellationToken.None);

    [Fact]
    public async Task A_name_that_cannot_be_resolved_is_a_message_that_was_not_sent()
    {
        var sent = NewSender(new UnreachableEdge()).SendOwnAsync("q", new Probe { Number = 1 }, replyTo: null, Cancel);
        (await Should.ThrowAsync<MessageNotSentException>(sent)).InnerException.ShouldBeOfType<System.Net.Sockets.SocketException>();
    }

    [Fact]
    public async Task A_returned_message_is_a_queue_that_is_gone()
    {
        var sent = NewSender(new FailingEdge(() => throw new MessageReturnedException("returned"))).SendOwnAsync("q", new Probe { Number = 1 }, replyTo: null, Cancel);
        (await Should.ThrowAsync<QueueGoneException>(sent)).Queue.ShouldBe("q");
    }

    [Fact]
    public async Task A_send_that_hangs_is_a_message_that_was_not_sent()
    {
        var started = new TaskCompletionSource();
        using var over = new ManualResetEventSlim();
        var sent = Task.Run(
            () => NewSender(new FailingEdge(() =>
            {
                started.SetResult();
                over.Wait(Limit, Cancel);
            })).SendOwnAsync("q", new Probe { Number = 1 }, replyTo: null, Cancel),
            Cancel);
        await started.Task.WaitAsync(Limit, Cancel);

        _time.Advance(Deadlines.Send);
        over.Set();

        await Should.ThrowAsync<MessageNotSentException>(sent.WaitAsync(Limit, Cancel));
    }

    private MessageSender NewSender(ITransportEdge edge) => new(_bus, edge, new OwnQueues(), new SendLog(NullLoggerFactory.Instance, _time), _time);

    private sealed class FailingEdge(Action prepare) : ITransportEdge
    {
        private readonly MemoryEdge _memory = new();

        public bool MayStall => false;

        public int? MaxMessageBytes => null;

        public void Use(IBusRegistrationConfigurator bus) => throw new NotSupportedException();

        public void DeclareShared(IReceiveEndpointConfigurator endpoint) => throw new NotSupportedException();

        public void DeclareOwn(IReceiveEndpointConfigurator endpoint, string queue) => throw new NotSupportedException();

        public Uri SharedAddress(string queue) => _memory.SharedAddress(queue);

        public Uri OwnAddress(string queue) => _memory.OwnAddress(queue);

        public void RequireReceiver(SendContext context, Uri address) => prepare();

        public Task ProbeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ProbePublishAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
