using Microsoft.Extensions.Logging;
using SandQueue.Contracts;
using SandQueue.Workers.Instances;

namespace SandQueue.Workers.Commands.Intake;

/// <summary>
/// Releases instances that nobody can know of: their Create gave neither name nor key, and the gateway it came through died before it had the
/// answer, and with it the connection of its caller.
/// </summary>
internal sealed partial class OrphanedInstances(OwnedInstances owned, InstanceRelease release, ILogger<OrphanedInstances> log)
{
    private const string Why = "was released: its Create's gateway died before it had the answer, and its caller had given no name and no key to ask again with";

    /// <summary>Returns at once: nobody waits for it.</summary>
    public void Release(CreateInstance command)
    {
        if (owned.TryGet(command.Tenant, command.InstanceId, out var owner)) _ = ReleaseAsync(owner, command);
    }

    private async Task ReleaseAsync(InstanceOwner owner, CreateInstance command)
    {
        try
        {
            await owner.Mailbox.RunAsync(async () =>
            {
                if (owner is { IsLive: true, WasUsed: false }) await release.ReleaseAsync(owner, Command(command), Why);
            });
        }
        catch (Exception exception)
        {
            NotReleased(command.InstanceId, exception);
        }
    }

    /// <summary>This release has a row in the journal like any other.</summary>
    private static ReleaseInstance Command(CreateInstance create) => new()
    {
        CommandId = $"orphaned-{Guid.CreateVersion7():n}",
        Tenant = create.Tenant,
        InstanceId = create.InstanceId,
        RemainingMs = int.MaxValue,
    };

    [LoggerMessage(LogLevel.Warning, "instance '{Instance}', which nobody knows of, could not be released; it is parked or released as idle")]
    private partial void NotReleased(string instance, Exception failure);
}
