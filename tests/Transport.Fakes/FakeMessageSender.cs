using System.Threading.Channels;
using SandQueue.Transport.Sending;

namespace SandQueue.Transport.Fakes;

/// <summary>A sender without a broker: shows what is sent and where to, in order, and ends each send as the test says.</summary>
public sealed class FakeMessageSender : IMessageSender
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Channel<SentMessage> _sent = Channel.CreateUnbounded<SentMessage>();
    private readonly Channel<Exception?> _ends = Channel.CreateUnbounded<Exception?>();

    /// <summary>Called with each message before its send ends. What it throws is what the send fails with.</summary>
    public Func<SentMessage, Task> Sending { get; set; } = _ => Task.CompletedTask;

    /// <summary>Called before a message is shown to a test.</summary>
    public Action Begun { get; set; } = () => { };

    /// <summary>Whether a message was sent that no test has read with <see cref="NextAsync"/>.</summary>
    public bool HasMore => _sent.Reader.Count > 0;

    /// <summary>A sender each of whose sends waits for <see cref="Succeed"/> or <see cref="Fail"/>.</summary>
    public static FakeMessageSender Held()
    {
        var sender = new FakeMessageSender();
        sender.Sending = async _ =>
        {
            if (await sender._ends.Reader.ReadAsync() is { } failure) throw failure;
        };
        return sender;
    }

    /// <summary>The next message that is sent. Fails where none comes within 30 seconds.</summary>
    public Task<SentMessage> NextAsync() => _sent.Reader.ReadAsync().AsTask().WaitAsync(Limit);

    /// <summary>Ends the oldest send of a held sender that waits, or the next.</summary>
    public void Succeed() => _ends.Writer.TryWrite(null);

    /// <inheritdoc cref="Succeed" />
    public void Fail(Exception failure) => _ends.Writer.TryWrite(failure);

    public Task SendSharedAsync<T>(string queue, T message, Uri? replyTo, TimeSpan lifetime, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(new SentMessage(queue, message, replyTo), cancellationToken);

    public Task SendOwnAsync<T>(string queue, T message, Uri? replyTo, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(new SentMessage(queue, message, replyTo), cancellationToken);

    public Task ReplyAsync<T>(Uri address, T message, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(address);
        return SendAsync(new SentMessage(address.Fragment is { Length: > 1 } queue ? queue[1..] : address.AbsolutePath, message, ReplyTo: null), cancellationToken);
    }

    /// <summary>No queue is in this process.</summary>
    public bool TryHandOver<TItem, T>(string destination, TItem item, Func<TItem, T> message, Uri? replyTo)
        where T : class => false;

    private async Task SendAsync(SentMessage message, CancellationToken cancellationToken)
    {
        Begun();
        _sent.Writer.TryWrite(message);
        await Sending(message).WaitAsync(cancellationToken);
    }
}
