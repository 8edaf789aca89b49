using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Storage.Connections;
using SandQueue.Storage.Journal;

namespace SandQueue.Routing;

/// <summary>
/// Cancels a Create whose caller hung up and gave nothing by which its instance could be found: it would take the next free slot, and
/// hold it for nobody. The row of its end voids the message that waits; where the instance was made already, it is released.
/// </summary>
internal sealed partial class CreateCancellation(CommandEnds ends, ILogger<CreateCancellation> log)
{
    /// <summary>Without a database the Create goes on; the sweep ends its instance as idle.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Returns at once: nobody waits for it.</summary>
    public void Begin(CreateInstance command, ICommandRouter router) => _ = CancelAsync(command, router);

    private async Task CancelAsync(CreateInstance command, ICommandRouter router)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var end = await ends.RecordAsync(command, CommandReply.Cancelled(command, "its caller hung up before the instance was made; the command never takes effect"), limit.Token);
            if (end.End == CommandEnd.Completed) await router.SendAsync(Release(command), limit.Token);
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception) || exception is OperationCanceledException)
        {
            NotCancelled(command.CommandId, exception.Message);
        }
    }

    private static ReleaseInstance Release(CreateInstance command) => new()
    {
        CommandId = Guid.CreateVersion7().ToString("n"),
        Tenant = command.Tenant,
        InstanceId = command.InstanceId,
        RemainingMs = (int)Limit.TotalMilliseconds,
    };

    [LoggerMessage(LogLevel.Warning, "Create {CommandId} could not be cancelled after its caller hung up; its instance is released as idle: {Reason}")]
    private partial void NotCancelled(string commandId, string reason);
}
