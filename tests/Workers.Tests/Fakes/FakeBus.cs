using System.Collections.Concurrent;
using System.Threading.Channels;
using MassTransit;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Transport.Fakes;
using SandQueue.Transport.Sending;

namespace SandQueue.Workers.Tests.Fakes;

/// <summary>What a worker sends, sorted for the tests: its replies by command, the commands it forwarded, the Creates it gave back.</summary>
internal sealed class FakeBus
{
    public static readonly Uri ReplyTo = new("exchange:replies");

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Channel<CommandReply>> _replies = new(StringComparer.Ordinal);
    private readonly FakeMessageSender _messages = new();

    private int _notSent;

    public FakeBus()
    {
        _messages.Sending = sent =>
        {
            Sort(sent);
            return Task.CompletedTask;
        };
    }

    public IMessageSender Messages => _messages;

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

    private void Sort(SentMessage sent)
    {
        switch (sent.Message)
        {
            case CommandReplies when IsSenderGone:
                Interlocked.Increment(ref _notSent);
                throw new QueueGoneException("replies", new MessageReturnedException("the queue is gone"));
            case CommandReplies replies:
                foreach (var reply in replies.Replies) Of(reply.CommandId).Writer.TryWrite(reply);
                break;
            case CreateInstance create:
                Returned.Enqueue(create);
                Deliver(create);
                break;
            default:
                Forwarded.Enqueue((sent.Destination, sent.Message));
                break;
        }
    }

    private Channel<CommandReply> Of(string commandId) => _replies.GetOrAdd(commandId, _ => Channel.CreateUnbounded<CommandReply>());
}
