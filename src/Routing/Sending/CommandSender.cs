using System.Collections.Concurrent;
using SandQueue.Contracts;
using SandQueue.Storage.Model;
using SandQueue.Transport.Sending;

namespace SandQueue.Routing.Sending;

/// <summary>
/// Sends commands and waits for their replies. Commands of one kind for one queue travel together; Creates travel
/// alone, so that each goes to a worker with room.
/// </summary>
internal sealed class CommandSender(IMessageSender messages, ReplyEndpoint replies, PendingCommands pending) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Type, IAsyncDisposable> _own = new();
    private readonly ConcurrentDictionary<Type, IAsyncDisposable> _shared = new();

    /// <summary>Sends a command to the worker that owns its instance.</summary>
    /// <param name="worker">The worker's name.</param>
    /// <param name="command">The command.</param>
    /// <param name="attemptTimeout">How long to wait for the reply.</param>
    /// <param name="cancellationToken">Stops the wait; the command may take effect all the same.</param>
    /// <returns>The reply, or null where none came in time, or the worker's queue is gone.</returns>
    public Task<CommandReply?> SendToWorkerAsync<TCommand>(string worker, TCommand command, TimeSpan attemptTimeout, CancellationToken cancellationToken)
        where TCommand : Command =>
        SendAsync(_own, QueueNames.Worker(worker), command, attemptTimeout, SendOwnAsync, cancellationToken);

    /// <summary>Sends a command to the shared entry of an environment, where any worker that serves it takes it.</summary>
    /// <inheritdoc cref="SendToWorkerAsync{TCommand}" />
    public Task<CommandReply?> SendToEntryAsync<TCommand>(string environment, TCommand command, TimeSpan attemptTimeout, CancellationToken cancellationToken)
        where TCommand : Command =>
        SendAsync(_shared, QueueNames.Entry(environment), command, attemptTimeout, SendSharedAsync, cancellationToken);

    /// <summary>Sends a Create to the shared queue of its environment.</summary>
    /// <returns>The reply, or null where none came in time.</returns>
    public Task<CommandReply?> SendCreateAsync(CreateInstance command, TimeSpan attemptTimeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var reply = pending.WaitAsync(command, attemptTimeout, cancellationToken);

        // Not awaited: a send that hangs must not hold its caller for longer than the caller's patience.
        _ = SendAloneAsync(command, attemptTimeout, cancellationToken);
        return reply;
    }

    /// <summary>Tells a worker that nobody took an answer. Lost where the worker has gone: then nothing is known of it there.</summary>
    public async Task SendUndeliveredAsync(string worker, ResponseUndelivered message)
    {
        try
        {
            await messages.SendOwnAsync(QueueNames.Worker(worker), message, replyTo: null, CancellationToken.None);
        }
        catch (Exception exception) when (exception is TimeoutException or MassTransit.MassTransitException or OperationCanceledException)
        {
            // Said above.
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var coalescer in _own.Values.Concat(_shared.Values)) await coalescer.DisposeAsync();
    }

    private Task<CommandReply?> SendAsync<TCommand>(
        ConcurrentDictionary<Type, IAsyncDisposable> kinds,
        string queue,
        TCommand command,
        TimeSpan attemptTimeout,
        Func<string, IReadOnlyList<TCommand>, Task> send,
        CancellationToken cancellationToken)
        where TCommand : Command
    {
        // Not sent is not refused: the waits end without a reply, and the router finds another way.
        var coalescer = (Coalescer<string, TCommand>)kinds.GetOrAdd(typeof(TCommand), _ => new Coalescer<string, TCommand>(send, (_, commands, _) =>
        {
            foreach (var unsent in commands) pending.GiveUp(unsent);
        }));
        var reply = pending.WaitAsync(command, attemptTimeout, cancellationToken);
        coalescer.Add(queue, command);
        return reply;
    }

    private async Task SendAloneAsync(CreateInstance command, TimeSpan attemptTimeout, CancellationToken cancellationToken)
    {
        try
        {
            await messages.SendSharedAsync(QueueNames.Create(command.EnvType), command, await replies.AddressAsync(), attemptTimeout, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // This caller gave up; another that waits for the same id has sent it too.
        }
        catch (Exception)
        {
            // Not sent is not refused: the wait ends without a reply, and the router sends it again.
            pending.GiveUp(command);
        }
    }

    private async Task SendOwnAsync<TCommand>(string queue, IReadOnlyList<TCommand> commands)
        where TCommand : Command =>
        await messages.SendOwnAsync(queue, new Envelope<TCommand> { Commands = commands }, await replies.AddressAsync(), CancellationToken.None);

    private async Task SendSharedAsync<TCommand>(string queue, IReadOnlyList<TCommand> commands)
        where TCommand : Command =>
        await messages.SendSharedAsync(
            queue,
            new Envelope<TCommand> { Commands = commands },
            await replies.AddressAsync(),
            TimeSpan.FromMilliseconds(commands.Max(command => command.RemainingMs)),
            CancellationToken.None);
}
