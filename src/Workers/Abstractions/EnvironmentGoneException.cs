namespace SandQueue.Workers.Abstractions;

/// <summary>The environment's server has ended: it takes no connection any more, whether or not its container is known to have exited.</summary>
internal sealed class EnvironmentGoneException(string detail, Exception? inner = null) : EnvironmentFailedException(detail, inner)
{
    /// <inheritdoc/>
    public override bool LeavesServerUnusable => true;
}
