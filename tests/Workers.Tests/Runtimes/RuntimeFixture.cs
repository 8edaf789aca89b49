using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Tests.Runtimes;

/// <summary>A runtime of the contract suite. A runtime joins by deriving from this.</summary>
public abstract class RuntimeFixture
{
    internal abstract IRuntime Runtime { get; }

    /// <summary>Whether anything is left of a container: a process, a socket, a folder.</summary>
    internal abstract Task<bool> IsAnythingLeftAsync(IContainer container);
}
