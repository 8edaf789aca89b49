using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;

namespace SandQueue.Routing;

/// <summary>
/// Cancels a Create that gave nothing by which its instance could be found, once nobody learns its end any more: it would take the next
/// free slot, and hold it for nobody. The row of its end voids the message that waits; where the instance was made already, it is released.
/// </summary>
internal sealed partial class CreateCancellation(CommandEnds ends, TimeProvider time, ILogger<CreateCancellation> log)
{
    /// <summary>Without a database for that long the Create goes on; the sweep ends its instance as idle.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ReleaseLimit = TimeSpan.FromSeconds(10);

    /// <summary>Returns at once: nobody waits for it.</summary>
    public void Begin(CreateInstance command, ICommandRouter router) => _ = CancelAsync(command, router);

    private async Task CancelAsync(CreateInstance command, ICommandRouter router)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        var reason = "the database did not answer";
        try
        {
            while (true)
            {
                try
                {
                    if (await TryEndAsync(command, router, limit.Token)) return;
                    reason = "its release was not executed";
                }
                catch (Exception exception) when (DatabaseFailure.Is(exception))
                {
                    reason = exception.GetBaseException().Message;
                }

                await Task.Delay(Pause, time, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            NotCancelled(command.CommandId, Limit.TotalSeconds, reason);
        }
        catch (Exception exception)
        {
            // Nobody awaits this task, so whatever it was has to be said here.
            NotCancelled(command.CommandId, Limit.TotalSeconds, exception.GetBaseException().Message);
        }
    }

    /// <returns>False where the instance was made and may still be there: its owner may just have died.</returns>
    private async Task<bool> TryEndAsync(CreateInstance command, ICommandRouter router, CancellationToken cancellationToken)
    {
        var cancelled = CommandReply.Cancelled(command, "its caller did not wait for the instance and could not find it again; the command never takes effect");
        var end = await ends.RecordAsync(command, cancelled, cancellationToken);
        return end.End != CommandEnd.Completed
            || await router.SendAsync(Release(command), cancellationToken) is CommandOutcome.Completed
                or CommandOutcome.Rejected { Reason: not CommandReason.NoCapacity }
                or CommandOutcome.Failed { Reason: CommandReason.Lost or CommandReason.Diverged };
    }

    private static ReleaseInstance Release(CreateInstance command) => new()
    {
        CommandId = Guid.CreateVersion7().ToString("n"),
        Tenant = command.Tenant,
        InstanceId = command.InstanceId,
        RemainingMs = (int)ReleaseLimit.TotalMilliseconds,
    };

    [LoggerMessage(LogLevel.Warning, "Create {CommandId}, whose caller cannot find its instance, could not be cancelled within {Seconds:0} s; the instance is released as idle: {Reason}")]
    private partial void NotCancelled(string commandId, double seconds, string reason);
}
