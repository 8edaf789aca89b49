using Microsoft.Extensions.Logging;
using Quartz;

namespace SandQueue.Workers.Sweep;

/// <summary>Looks for instances that hold a slot nobody uses, more often than the whole sweep runs.</summary>
[DisallowConcurrentExecution]
internal sealed partial class UnusedInstancesJob(UnusedInstances unused, ILogger<UnusedInstancesJob> log) : IJob
{
    public static TimeSpan Every { get; } = TimeSpan.FromSeconds(15);

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await unused.ParkAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Failed(exception);
        }
    }

    [LoggerMessage(LogLevel.Error, "the sweep of unused instances failed")]
    private partial void Failed(Exception failure);
}
