using System.Collections.Concurrent;
using System.Threading.Channels;
using MassTransit;
using NSubstitute;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>A bus without a broker: keeps the replies that are sent for the test, and the commands that are forwarded.</summary>
internal sealed class FakeBus
{
    public static readonly Uri ReplyTo = new("exchange:replies");

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Channel<CommandReply>> _replies = new(StringComparer.Ordinal);

    private int _notSent;

    public FakeBus()
    {
        Bus = Substitute.For<IBus>();
        Bus.GetSendEndpoint(Arg.Any<Uri>()).Returns(call => Task.FromResult(Endpoint(call.Arg<Uri>())));
    }

    public IBus Bus { get; }

    /// <summary>Whether the gateway that waits for replies has died.</summary>
    public bool IsSenderGone { get; set; }

    /// <summary>Messages of replies that did not reach it.</summary>
    public int NotSent => Volatile.Read(ref _notSent);

    /// <summary>Commands that were sent on, and the queue they went to.</summary>
    public ConcurrentQueue<(string Queue, object Envelope)> Forwarded { get; } = new();

    /// <summary>Creates that were given back to their shared queue.</summary>
    public ConcurrentQueue<CreateInstance> Returned { get; } = new();

    /// <summary>Takes what is given back to the shared queue, as the workers that compete for it do.</summary>
    public Action<CreateInstance> Deliver { get; set; } = _ => { };

    /// <summary>The next reply to a command.</summary>
    public Task<CommandReply> ReplyAsync(string commandId) => Of(commandId).Reader.ReadAsync().AsTask().WaitAsync(Limit);

    /// <summary>Whether a reply to a command is there that nobody took.</summary>
    public bool HasReply(string commandId) => Of(commandId).Reader.Count > 0;

    private Channel<CommandReply> Of(string commandId) => _replies.GetOrAdd(commandId, _ => Channel.CreateUnbounded<CommandReply>());

    private ISendEndpoint Endpoint(Uri address)
    {
        var endpoint = Substitute.For<ISendEndpoint>();
        endpoint.Send(Arg.Any<CommandReplies>(), Arg.Any<IPipe<SendContext<CommandReplies>>>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            if (IsSenderGone)
            {
                Interlocked.Increment(ref _notSent);
                throw new MessageReturnedException("the queue is gone");
            }

            foreach (var reply in call.ArgAt<CommandReplies>(0).Replies) Of(reply.CommandId).Writer.TryWrite(reply);
            return Task.CompletedTask;
        });
        endpoint.Send(Arg.Any<CreateInstance>(), Arg.Any<IPipe<SendContext<CreateInstance>>>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            Returned.Enqueue(call.ArgAt<CreateInstance>(0));
            Deliver(call.ArgAt<CreateInstance>(0));
            return Task.CompletedTask;
        });
        Forward<StepInstance>(endpoint, address);
        Forward<CreateInstance>(endpoint, address);
        Forward<ReleaseInstance>(endpoint, address);
        return endpoint;
    }

    private void Forward<TCommand>(ISendEndpoint endpoint, Uri address)
        where TCommand : Command =>
        endpoint.Send(Arg.Any<Envelope<TCommand>>(), Arg.Any<IPipe<SendContext<Envelope<TCommand>>>>(), Arg.Any<CancellationToken>()).Returns(call =>
        {
            Forwarded.Enqueue((address.AbsolutePath, call.ArgAt<Envelope<TCommand>>(0)));
            return Task.CompletedTask;
        });
}
