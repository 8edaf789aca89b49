using System.Collections.Concurrent;
using SandQueue.Contracts;

namespace SandQueue.Client;

/// <summary>The commands that wait for a reply in this process, each with its deadline.</summary>
public sealed class PendingCommands(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Caller, string CommandId), TaskCompletionSource<CommandReply>> _waiting = new();

    /// <summary>Waits for the reply to a command. Two waits for one id get the same reply.</summary>
    /// <returns>The reply, or null where none came in the command's remaining time.</returns>
    public async Task<CommandReply?> WaitAsync(ICommand command, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(command);
        var key = (command.Caller, command.CommandId);
        var reply = _waiting.GetOrAdd(key, _ => new TaskCompletionSource<CommandReply>(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            return await reply.Task.WaitAsync(TimeSpan.FromMilliseconds(command.RemainingMs), time, cancel);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            _waiting.TryRemove(KeyValuePair.Create(key, reply));
        }
    }

    /// <summary>Hands a reply to whoever waits for it. One that nobody waits for any more is dropped: the journal has it.</summary>
    public void Complete(CommandReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (_waiting.TryGetValue((reply.Caller, reply.CommandId), out var waiting)) waiting.TrySetResult(reply);
    }
}
