using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Transport;
using SandQueue.Workers.Hosting;

namespace SandQueue.Workers.Replies;

/// <summary>Sends replies to the gateways and clients that wait for them; those that are ready together travel together.</summary>
internal sealed partial class ReplyOutbox(MessageSender messages, WorkerLease lease, ILogger<ReplyOutbox> log) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Uri, Coalescer<CommandReply>> _senders = new();

    /// <param name="replyTo">The sender's reply endpoint; null where it wants no reply.</param>
    /// <param name="reply">The reply, which the journal holds already where its kind is journaled.</param>
    public void Send(Uri? replyTo, CommandReply reply)
    {
        if (replyTo is null) return;
        if (!lease.IsLive)
        {
            // Another worker may own the instance by now; only what the journal took is true, and the sender will ask.
            Withheld(reply.CommandId);
            return;
        }

        _senders.GetOrAdd(replyTo, static (address, outbox) => new Coalescer<CommandReply>(
            replies => outbox.SendAsync(address, replies),
            (replies, failure) => outbox.NotSent(replies.Count, address, failure)), this).Add(reply);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var sender in _senders.Values) await sender.DisposeAsync();
    }

    private Task SendAsync(Uri address, IReadOnlyList<CommandReply> replies) =>
        messages.ReplyAsync(address, new CommandReplies { Replies = replies }, CancellationToken.None);

    [LoggerMessage(LogLevel.Warning, "the reply to {CommandId} is withheld: the lease of this worker has ended")]
    private partial void Withheld(string commandId);

    [LoggerMessage(LogLevel.Warning, "{Count} replies did not reach {Address}; their senders will ask again")]
    private partial void NotSent(int count, Uri address, Exception failure);
}
