using Microsoft.Extensions.Logging;
using Quartz;

namespace SandQueue.Workers.Sweep;

/// <summary>Runs the sweep on its schedule. A run that fails is logged, and the next comes all the same.</summary>
[DisallowConcurrentExecution]
internal sealed partial class IdleSweepJob(IdleSweep sweep, ILogger<IdleSweepJob> log) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await sweep.RunAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failed(exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "the sweep failed")]
    private partial void Failed(Exception failure);
}
