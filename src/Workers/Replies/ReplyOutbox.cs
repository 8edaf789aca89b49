using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Transport.Sending;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Replies;

/// <summary>Sends replies to the gateways and clients that wait for them; those that are ready together travel together.</summary>
internal sealed partial class ReplyOutbox : IAsyncDisposable
{
    private readonly WorkerLease _lease;
    private readonly ILogger _log;
    private readonly Coalescer<Uri, CommandReply> _replies;

    public ReplyOutbox(IMessageSender messages, WorkerLease lease, ILogger<ReplyOutbox> log)
    {
        (_lease, _log) = (lease, log);
        _replies = new(
            (address, replies) => messages.ReplyAsync(address, new CommandReplies { Replies = replies }, CancellationToken.None),
            (address, replies, failure) => NotSent(replies.Count, address, failure));
    }

    /// <param name="replyTo">The sender's reply endpoint; null where it wants no reply.</param>
    /// <param name="reply">The reply, which the journal has recorded already where its kind is journaled.</param>
    public void Send(Uri? replyTo, CommandReply reply)
    {
        if (replyTo is null) return;
        if (!_lease.IsLive)
        {
            // Another worker may own the instance by now; only what the journal records is true, and the sender asks again.
            Withheld(reply.CommandId);
            return;
        }

        _replies.Add(replyTo, reply);
    }

    public ValueTask DisposeAsync() => _replies.DisposeAsync();

    [LoggerMessage(LogLevel.Warning, "the reply to {CommandId} is withheld: the lease of this worker has ended")]
    private partial void Withheld(string commandId);

    [LoggerMessage(LogLevel.Warning, "{Count} replies did not reach {Address}; their senders ask again")]
    private partial void NotSent(int count, Uri address, Exception failure);
}
