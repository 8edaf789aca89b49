using SandQueue.Contracts;
using SandQueue.Workers.Commands.Intake;
using SandQueue.Workers.Ownership;

namespace SandQueue.Workers.Commands.Release;

/// <summary>Ends an instance at its caller's wish.</summary>
internal sealed class ReleaseExecution(InstanceRelease release) : ICommandExecution<ReleaseInstance>
{
    private static readonly byte[] True = "true"u8.ToArray();

    public async Task<CommandReply?> ExecuteAsync(InstanceOwner owner, ReleaseInstance command, CancellationToken cancel) =>
        await release.ReleaseAsync(owner, command, "was released by its caller", cancel)
            ? Reply.Completed(command, True)
            : Reply.Failed(command, $"instance '{owner.InstanceId}' has another owner now; release it again");
}
