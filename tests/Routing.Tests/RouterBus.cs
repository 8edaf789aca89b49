using System.Collections.Concurrent;
using System.Threading.Channels;
using MassTransit;
using NSubstitute;
using SandQueue.Contracts;
using SandQueue.Routing.Tests.Sending;

namespace SandQueue.Routing.Tests;

/// <summary>A bus without a broker: shows what is sent where, and fails for queues the test says are gone.</summary>
internal sealed class RouterBus
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Channel<(string Queue, Command Command)> _sent = Channel.CreateUnbounded<(string, Command)>();

    public RouterBus()
    {
        Bus = Substitute.For<IBus>();
        Bus.GetSendEndpoint(Arg.Any<Uri>()).Returns(call => Task.FromResult(Endpoint(call.Arg<Uri>())));
    }

    public IBus Bus { get; }

    /// <summary>Queues that are gone for the next message to them, and there again for those after it.</summary>
    public ConcurrentDictionary<string, bool> GoneOnce { get; } = new();

    /// <summary>Whether something was sent that nobody looked at.</summary>
    public bool HasMore => _sent.Reader.Count > 0;

    /// <summary>The next command that is sent, and its queue.</summary>
    public Task<(string Queue, Command Command)> NextAsync() => _sent.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    private ISendEndpoint Endpoint(Uri address)
    {
        var endpoint = Substitute.For<ISendEndpoint>();
        Catch<Envelope<ReleaseInstance>>(endpoint, address, envelope => envelope.Commands);
        Catch<Envelope<StepInstance>>(endpoint, address, envelope => envelope.Commands);
        Catch<Envelope<CreateInstance>>(endpoint, address, envelope => envelope.Commands);
        Catch<Envelope<ListTasks>>(endpoint, address, envelope => envelope.Commands);
        Catch<CreateInstance>(endpoint, address, create => [create]);
        return endpoint;
    }

    private void Catch<T>(ISendEndpoint endpoint, Uri address, Func<T, IEnumerable<Command>> commands)
        where T : class =>
        endpoint.Send(Arg.Any<T>(), Arg.Any<IPipe<SendContext<T>>>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            var isGone = GoneOnce.TryRemove(address.AbsolutePath, out _);
            foreach (var command in commands(call.ArgAt<T>(0))) _sent.Writer.TryWrite((address.AbsolutePath, command));
            return isGone ? Task.FromException(new TransportException(address, "the queue is gone")) : Task.CompletedTask;
        });
}
