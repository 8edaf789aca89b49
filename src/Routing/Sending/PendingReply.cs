using SandQueue.Contracts;

namespace SandQueue.Routing.Sending;

/// <summary>The wait for the reply to one command, over all the times that it is sent.</summary>
internal sealed class PendingReply(Command command, PendingCommands owner, TimeProvider time) : IDisposable
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<ReplySignal> _next = New();
    private TaskCompletionSource<CommandReply>? _answered;

    public Command Command => command;

    /// <summary>Senders that wait. Belongs to <see cref="PendingCommands"/> and changes under its lock.</summary>
    public int Waiting { get; set; }

    /// <summary>Completes with the reply alone, whatever else is said meanwhile; never where none comes.</summary>
    public Task<CommandReply> Answered
    {
        get
        {
            lock (_lock)
            {
                if (_next.Task is { IsCompleted: true, Result.Reply: { } reply }) return Task.FromResult(reply);
                return (_answered ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }
        }
    }

    /// <summary>Waits for the reply, or for word that the command could not be sent.</summary>
    /// <returns>Null where neither came in time.</returns>
    public async Task<ReplySignal?> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task<ReplySignal> next;
        lock (_lock) next = _next.Task;
        try
        {
            var signal = await next.WaitAsync(timeout > TimeSpan.Zero ? timeout : TimeSpan.Zero, time, cancellationToken);
            lock (_lock)
            {
                // A reply stays for everyone who waits; that it was not sent is told once.
                if (signal.Reply is null && ReferenceEquals(_next.Task, next)) _next = New();
            }

            return signal;
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    /// <summary>A reply that is no end of the command is like one that was not sent: its sender looks up the owner again.</summary>
    public void Complete(CommandReply reply)
    {
        if (reply.Reason == CommandReason.OwnerChanged)
        {
            NotSent();
            return;
        }

        lock (_lock)
        {
            _answered?.TrySetResult(reply);

            // The first attempt may have been not sent, and a later one answered.
            if (_next.TrySetResult(new ReplySignal(reply))) return;
            if (_next.Task.Result.Reply is null) (_next = New()).SetResult(new ReplySignal(reply));
        }
    }

    public void NotSent()
    {
        lock (_lock) _next.TrySetResult(new ReplySignal(Reply: null));
    }

    public void Dispose() => owner.Leave(this);

    private static TaskCompletionSource<ReplySignal> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <param name="Reply">The reply; null where the command could not be sent.</param>
internal readonly record struct ReplySignal(CommandReply? Reply);
