using Microsoft.Extensions.Logging;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Pools;

/// <summary>Starts and ends the containers of a pool beside its callers, who never wait for either.</summary>
internal sealed partial class ContainerLifecycle : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PendingWork _work = new();
    private readonly string _environment;
    private readonly ContainerStarter _starter;
    private readonly ILogger _log;

    public ContainerLifecycle(string environment, ContainerStarter starter, ILogger log)
    {
        (_environment, _starter, _log) = (environment, starter, log);
        Stopping = _stopping.Token;
    }

    /// <summary>Cancelled when the pool ends: nothing is started any more.</summary>
    public CancellationToken Stopping { get; }

    public void Stop() => _stopping.Cancel();

    /// <summary>Starts one container.</summary>
    /// <param name="ended">Called once, with the container, or with why there is none; with neither where the pool ended meanwhile.</param>
    public void Start(Action<PooledContainer?, ContainerException?> ended) => _work.Run(async () =>
    {
        try
        {
            ended(await _starter.StartAsync(Stopping), null);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            ended(null, null);
        }
        catch (ContainerException exception)
        {
            NotStarted(_environment, exception.Message);
            ended(null, exception);
        }
    });

    public void End(IContainer container) => _work.Run(async () =>
    {
        try
        {
            await container.DisposeAsync();
        }
        catch (Exception exception) when (exception is ContainerException or IOException or TimeoutException or InvalidOperationException)
        {
            NotEnded(container.Id, exception.Message);
        }
    });

    /// <summary>Runs work that the end of the pool waits for. It handles its failures itself.</summary>
    public void Run(Func<Task> work) => _work.Run(work);

    /// <summary>Completes when no start and no end of a container is under way.</summary>
    public Task SettleAsync() => _work.DrainAsync();

    public void Dispose() => _stopping.Dispose();

    [LoggerMessage(LogLevel.Warning, "no further container of '{Environment}': {Reason}")]
    private partial void NotStarted(string environment, string reason);

    [LoggerMessage(LogLevel.Warning, "container {Container} could not be removed; a later sweep will: {Reason}")]
    private partial void NotEnded(string container, string reason);
}
