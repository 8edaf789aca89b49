using System.Runtime.InteropServices;
using SandQueue.Contracts;

namespace SandQueue.Client;

/// <summary>The commands that wait for a reply in this process, each with its deadline.</summary>
public sealed class PendingCommands(TimeProvider time)
{
    private readonly Dictionary<(string Caller, string CommandId), Wait> _waits = [];

    /// <summary>Waits for the reply to a command. Two waits for one id get the same reply.</summary>
    /// <returns>The reply, or null where none came in the command's remaining time.</returns>
    public async Task<CommandReply?> WaitAsync(ICommand command, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(command);
        var key = (command.Caller, command.CommandId);
        var wait = Join(key);
        try
        {
            // Not below 0: a wait of -1 ms would last for ever.
            return await wait.Reply.Task.WaitAsync(TimeSpan.FromMilliseconds(Math.Max(0, command.RemainingMs)), time, cancel);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            Leave(key, wait);
        }
    }

    /// <summary>Hands a reply to whoever waits for it. One that nobody waits for any more is dropped: the journal has it.</summary>
    public void Complete(CommandReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        Wait? wait;
        lock (_waits) _waits.Remove((reply.Caller, reply.CommandId), out wait);
        wait?.Reply.TrySetResult(reply);
    }

    private Wait Join((string Caller, string CommandId) key)
    {
        lock (_waits)
        {
            ref var wait = ref CollectionsMarshal.GetValueRefOrAddDefault(_waits, key, out _);
            wait ??= new Wait();
            wait.Callers++;
            return wait;
        }
    }

    /// <summary>Whoever gives up leaves the others of its id waiting: only the last one takes the entry away.</summary>
    private void Leave((string Caller, string CommandId) key, Wait wait)
    {
        lock (_waits)
        {
            if (--wait.Callers == 0 && _waits.GetValueOrDefault(key) == wait) _waits.Remove(key);
        }
    }

    private sealed class Wait
    {
        public TaskCompletionSource<CommandReply> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>How many callers wait for it. Belongs to the lock.</summary>
        public int Callers { get; set; }
    }
}
