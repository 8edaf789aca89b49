using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Runtimes.Recorded;

/// <summary>Starts nothing for an environment whose episodes answer from the journal, and leaves every other to the worker's own runtime.</summary>
/// <param name="inner">How this worker starts servers.</param>
internal sealed class JournalRuntime(IRuntime inner) : IRuntime
{
    private int _started;

    public Task<IContainer> StartAsync(string environment, EnvironmentOptions options, CancellationToken cancellationToken) => options.Protocol == ProtocolNames.Recorded
        ? Task.FromResult<IContainer>(new JournalContainer($"{environment}-{Interlocked.Increment(ref _started)} (journal)"))
        : inner.StartAsync(environment, options, cancellationToken);

    public Task<int> RemoveLeftoversAsync(Func<string, CancellationToken, Task<bool>> isLiving, CancellationToken cancellationToken) => inner.RemoveLeftoversAsync(isLiving, cancellationToken);
}
