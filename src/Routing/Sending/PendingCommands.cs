using SandQueue.Contracts;
using SandQueue.Storage.Journal;

namespace SandQueue.Routing.Sending;

/// <summary>The commands that wait for a reply in this process, by tenant and id. Each waits once, however often it is sent.</summary>
internal sealed class PendingCommands(TimeProvider time) : ICommandsInFlight
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Tenant, string CommandId), PendingReply> _pending = [];

    /// <summary>
    /// Joins the wait for a command's reply, or begins it. The same command that is sent again meanwhile gets the same reply; leave by
    /// disposing what this returns.
    /// </summary>
    /// <returns>Null where another command waits under the same id.</returns>
    public PendingReply? Join(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        lock (_lock)
        {
            var key = (command.Tenant, command.CommandId);
            if (!_pending.TryGetValue(key, out var pending))
            {
                _pending.Add(key, pending = new PendingReply(command, this, time));
            }
            else if (!CommandContent.AreSame(pending.Command, command))
            {
                return null;
            }

            pending.Waiting++;
            return pending;
        }
    }

    /// <summary>Hands a reply to whoever waits for it. One that nobody waits for is dropped: the journal has it.</summary>
    public void Complete(CommandReply reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        Waiting(reply.Tenant, reply.CommandId)?.Complete(reply);
    }

    /// <summary>Says that a command could not be sent, so that its sender need not wait before it sends it again.</summary>
    public void NotSent(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        Waiting(command.Tenant, command.CommandId)?.NotSent();
    }

    /// <inheritdoc/>
    public Command? Find(string tenant, string commandId) => Waiting(tenant, commandId)?.Command;

    internal void Leave(PendingReply pending)
    {
        lock (_lock)
        {
            if (--pending.Waiting == 0) _pending.Remove((pending.Command.Tenant, pending.Command.CommandId));
        }
    }

    private PendingReply? Waiting(string tenant, string commandId)
    {
        lock (_lock) return _pending.GetValueOrDefault((tenant, commandId));
    }
}
