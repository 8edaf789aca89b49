using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SandQueue.Hosting.Startup;
using SandQueue.Storage.Connections;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Hosting;

/// <summary>Repeats a part of a worker's start: a broker or database that goes away for a moment is no reason not to start.</summary>
internal sealed partial class StartAttempts(IOptions<WorkerOptions> options, TimeProvider time, ILogger<StartAttempts> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="StartupException">It did not succeed within <see cref="WorkerOptions.StartTimeout"/>.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> start, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                await start(cancellationToken);
                return;
            }
            catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is TimeoutException or MassTransit.MassTransitException)
            {
                var reason = exception.GetBaseException().Message.ReplaceLineEndings(" ");
                if (time.GetElapsedTime(began) >= options.Value.StartTimeout) throw new StartupException($"the worker cannot start: {reason}");
                Retrying(reason);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "the worker cannot start yet and tries again: {Reason}")]
    private partial void Retrying(string reason);
}
