using System.Collections.Concurrent;
using SandQueue.Contracts;
using SandQueue.Transport;

namespace SandQueue.Client;

/// <summary>
/// Sends commands and waits for their replies. Commands of one kind for one worker travel together; Creates travel
/// alone, so that each goes to a worker with room.
/// </summary>
public sealed class CommandSender(MessageSender messages, ReplyEndpoint replies, PendingCommands pending) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string Queue, Type Kind), IAsyncDisposable> _coalescers = new();

    /// <summary>Sends a command for a live instance, or to an environment's shared entry.</summary>
    /// <param name="queue">Where: a worker's queue or an entry.</param>
    /// <param name="command">The command.</param>
    /// <param name="cancel">Stops the wait; the command may take effect all the same.</param>
    /// <returns>The reply, or null where none came in the time that remained: ask again with the same id.</returns>
    public Task<CommandReply?> SendAsync<TCommand>(string queue, TCommand command, CancellationToken cancel)
        where TCommand : class, ICommand
    {
        var coalescer = (Coalescer<TCommand>)_coalescers.GetOrAdd((queue, typeof(TCommand)), static (key, sender) =>
            new Coalescer<TCommand>(
                commands => sender.SendEnvelopeAsync(key.Queue, commands),
                (commands, failure) => sender.Fail(commands, failure)), this);
        var reply = pending.WaitAsync(command, cancel);
        coalescer.Add(command);
        return reply;
    }

    /// <summary>Sends a Create to its environment's shared queue.</summary>
    /// <inheritdoc cref="SendAsync{TCommand}" />
    public Task<CommandReply?> SendAsync(CreateInstance command, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(command);
        var reply = pending.WaitAsync(command, cancel);

        // Not awaited: a send that hangs must not hold its caller for longer than the caller's own time.
        _ = SendAloneAsync(command, cancel);
        return reply;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var coalescer in _coalescers.Values) await coalescer.DisposeAsync();
    }

    private async Task SendAloneAsync(CreateInstance command, CancellationToken cancel)
    {
        try
        {
            await messages.SendAsync(QueueNames.Create(command.EnvType), command, await replies.AddressAsync(), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // This caller gave up; another that waits for the same id has sent it too.
        }
        catch (Exception failure)
        {
            Fail([command], failure);
        }
    }

    private async Task SendEnvelopeAsync<TCommand>(string queue, IReadOnlyList<TCommand> commands)
        where TCommand : class, ICommand =>
        await messages.SendAsync(queue, new Envelope<TCommand> { Commands = commands }, await replies.AddressAsync(), CancellationToken.None);

    private void Fail(IEnumerable<ICommand> commands, Exception failure)
    {
        foreach (var command in commands)
        {
            pending.Complete(new CommandReply
            {
                CommandId = command.CommandId,
                Caller = command.Caller,
                End = CommandEnd.Failed,
                Reason = CommandReason.EnvironmentFailed,
                Cause = FailureCause.Infrastructure,
                Detail = $"the queue did not take the command: {failure.Message}",
            });
        }
    }
}
