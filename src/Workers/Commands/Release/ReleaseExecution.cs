using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Release;

/// <summary>Ends an instance that its caller releases.</summary>
internal sealed class ReleaseExecution(InstanceRelease release, RetryAnswers recorded) : ICommandExecution<ReleaseInstance>
{
    private static readonly byte[] True = "true"u8.ToArray();

    public async Task<OwnerResult> ExecuteAsync(InstanceOwner owner, ReleaseInstance command, CommandClock clock, CancellationToken cancellationToken) =>
        await release.ReleaseAsync(owner, command, "was released by its caller") switch
        {
            JournalVerdict.Committed => CommandReply.Completed(command, True),
            JournalVerdict.Duplicate => await recorded.RefusedAsync(command, cancellationToken),
            _ => OwnerResult.OwnerGone,
        };
}
