using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Transport.Sending;
using SandQueue.Workers.Leases;

namespace SandQueue.Workers.Replies;

/// <summary>
/// Sends replies to the gateways and clients that wait for them; those that are ready together travel together. What could not be sent
/// is sent again with exponential backoff while the lease is live: around a broker's restart a sender would else wait for its next attempt.
/// </summary>
internal sealed partial class ReplyOutbox : IAsyncDisposable
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(2);

    /// <summary>No sender waits longer for a reply.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>A queue that stays away for longer than a broker's restart takes is a dead process's.</summary>
    private static readonly TimeSpan GoneDeadline = TimeSpan.FromSeconds(15);

    private readonly IMessageSender _messages;
    private readonly WorkerLease _lease;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    /// <summary>By the text of the reply address: addresses of two gateways may differ in the fragment only, which Uri's equality ignores.</summary>
    private readonly Coalescer<string, OutgoingReply> _replies;

    public ReplyOutbox(IMessageSender messages, WorkerLease lease, TimeProvider time, ILogger<ReplyOutbox> log)
    {
        (_messages, _lease, _time, _log) = (messages, lease, time, log);
        _replies = new(
            (address, replies) => messages.ReplyAsync(new Uri(address), new CommandReplies { Replies = [.. replies.Select(outgoing => outgoing.Reply)] }, CancellationToken.None),
            NotSent,
            outgoing => outgoing.Reply.Answer.Length);
    }

    /// <param name="replyTo">The sender's reply endpoint; null where it wants no reply.</param>
    /// <param name="reply">The reply, which the journal has recorded already where its kind is journaled.</param>
    /// <param name="senderIsGone">Called where the sender turns out to be dead: nobody will ever get the reply, nor ask for it.</param>
    public void Send(Uri? replyTo, CommandReply reply, Action? senderIsGone = null)
    {
        if (replyTo is not null) Send(replyTo.OriginalString, new OutgoingReply(reply, _time.GetTimestamp(), Attempts: 0, GoneSince: null, senderIsGone));
    }

    public ValueTask DisposeAsync() => _replies.DisposeAsync();

    private void Send(string replyTo, OutgoingReply outgoing)
    {
        if (_lease.IsLive)
        {
            if (!_messages.TryHandOver(replyTo, outgoing.Reply, static reply => new CommandReplies { Replies = [reply] }, replyTo: null)) _replies.Add(replyTo, outgoing);
            return;
        }

        // Another worker may own the instance by now; only what the journal records is true, and the sender asks again.
        Withheld(outgoing.Reply.CommandId);
    }

    private void NotSent(string address, IReadOnlyList<OutgoingReply> replies, Exception exception)
    {
        // Of a queue that is gone the transport has a line of its own, once in a while.
        if (exception is not QueueGoneException) NotSent(replies.Count, address, exception.Message);
        if (exception is MessageTooLargeException)
        {
            foreach (var outgoing in replies) SendTooLarge(address, outgoing, exception.Message);
        }
        else if (exception is not ObjectDisposedException)
        {
            // Around a broker's restart nothing can be sent for a while, and a living sender's queue is back a moment after the broker.
            var isGone = exception is QueueGoneException;
            var now = _time.GetTimestamp();
            var seen = replies.Select(outgoing => outgoing with { GoneSince = isGone ? outgoing.GoneSince ?? now : null }).ToList();
            var again = seen.FindAll(outgoing => isGone ? _time.GetElapsedTime(outgoing.GoneSince!.Value) < GoneDeadline : _time.GetElapsedTime(outgoing.Since) < Deadline);
            if (isGone) foreach (var outgoing in seen.Except(again)) outgoing.SenderIsGone?.Invoke();
            if (again.Count > 0) _ = SendAgainAsync(address, again);
        }
    }

    /// <summary>The answer of a command that is journaled is read from the journal; of another there is none.</summary>
    private void SendTooLarge(string address, OutgoingReply outgoing, string reason)
    {
        var reply = outgoing.Reply;
        if (reply.Answer.Length == 0) return;
        Send(address, outgoing with { Reply = reply with { Answer = [], Detail = reason, AnswerIsTooLarge = true } });
    }

    private async Task SendAgainAsync(string address, IReadOnlyList<OutgoingReply> replies)
    {
        var backoff = FirstBackoff * Math.Pow(2, Math.Min(replies.Min(outgoing => outgoing.Attempts), 10));
        await Task.Delay(backoff < LongestBackoff ? backoff : LongestBackoff, _time);
        foreach (var outgoing in replies) Send(address, outgoing with { Attempts = outgoing.Attempts + 1 });
    }

    [LoggerMessage(LogLevel.Warning, "the reply to {CommandId} is withheld: the lease of this worker has ended")]
    private partial void Withheld(string commandId);

    [LoggerMessage(LogLevel.Warning, "{Count} replies did not reach {Address} and are sent again: {Reason}")]
    private partial void NotSent(int count, string address, string reason);
}
