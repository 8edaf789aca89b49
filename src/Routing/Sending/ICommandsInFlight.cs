using SandQueue.Contracts;

namespace SandQueue.Routing.Sending;

/// <summary>The commands whose replies are waited for in this process. What waits at another gateway, or whose caller hung up, is not among them.</summary>
public interface ICommandsInFlight
{
    /// <summary>The command of that id, as it was sent; null where none is waited for.</summary>
    Command? Find(string tenant, string commandId);
}
