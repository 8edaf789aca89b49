using System.Collections.Concurrent;
using SandQueue.Contracts;

namespace SandQueue.Routing.Sending;

/// <summary>The commands that wait for a reply in this process, each with its deadline.</summary>
internal sealed class PendingCommands(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Tenant, string CommandId), Waiting> _waiting = new();

    /// <summary>Waits for the reply to a command. Two waits for one id get the same reply.</summary>
    /// <returns>The reply, or null where none came in time or the command was given up.</returns>
    public async Task<CommandReply?> WaitAsync(Command command, TimeSpan attemptTimeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var waiting = Join((command.Tenant, command.CommandId));
        try
        {
            return await waiting.Reply.Task.WaitAsync(attemptTimeout > TimeSpan.Zero ? attemptTimeout : TimeSpan.Zero, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return null;
        }
        finally
        {
            Leave((command.Tenant, command.CommandId), waiting);
        }
    }

    /// <summary>Hands a reply to whoever waits for it. One that nobody waits for any more is dropped: the journal has it.</summary>
    public void Complete(CommandReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (_waiting.TryGetValue((reply.Tenant, reply.CommandId), out var waiting)) waiting.Reply.TrySetResult(reply);
    }

    /// <summary>Ends the waits for a command without a reply, because it could not be sent.</summary>
    public void GiveUp(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        if (_waiting.TryGetValue((command.Tenant, command.CommandId), out var waiting)) waiting.Reply.TrySetResult(null);
    }

    private Waiting Join((string Tenant, string CommandId) key)
    {
        while (true)
        {
            var waiting = _waiting.GetOrAdd(key, _ => new Waiting());
            lock (waiting)
            {
                // One that was just left by its last is not in the table any more.
                if (waiting.Count < 0) continue;
                waiting.Count++;
                return waiting;
            }
        }
    }

    private void Leave((string Tenant, string CommandId) key, Waiting waiting)
    {
        lock (waiting)
        {
            if (--waiting.Count > 0) return;
            waiting.Count = -1;
            _waiting.TryRemove(KeyValuePair.Create(key, waiting));
        }
    }

    private sealed class Waiting
    {
        public TaskCompletionSource<CommandReply?> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Count { get; set; }
    }
}
