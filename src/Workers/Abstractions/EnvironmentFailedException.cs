using SandQueue.Contracts;

namespace SandQueue.Workers.Abstractions;

/// <summary>The environment or its container failed during a call: what the call did is unknown. The message is one line.</summary>
internal class EnvironmentFailedException(string detail, Exception? inner = null) : Exception(OneLine.Of(detail), inner)
{
    /// <summary>Whether the server can serve no other call before it was looked at, though its container may run on.</summary>
    public virtual bool LeavesServerUnusable => false;
}
