using SandQueue.Contracts;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.OpenEnv.Episodes;

/// <summary>Releases the instance of an episode that nobody plays any more. What cannot be released now, the sweep releases as idle.</summary>
internal sealed partial class EpisodeEnd(ICommandRouter router, ILogger<EpisodeEnd> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <returns>Whether there is no such instance any more.</returns>
    public async Task<bool> RunAsync(string tenant, string instanceId, CancellationToken cancellationToken)
    {
        var release = new ReleaseInstance
        {
            CommandId = Guid.CreateVersion7().ToString("n"),
            Tenant = tenant,
            RemainingMs = (int)Limit.TotalMilliseconds,
            InstanceId = instanceId,
        };
        try
        {
            var outcome = await router.SendAsync(release, cancellationToken);
            if (outcome is CommandOutcome.Completed or CommandOutcome.Refusal { Reason: CommandReason.Released or CommandReason.UnknownInstance or CommandReason.Lost or CommandReason.Diverged }) return true;
            NotReleased(instanceId, outcome is CommandOutcome.Refusal refusal ? refusal.Detail : "no answer came in time");
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            NotReleased(instanceId, exception.GetBaseException().Message);
        }

        return false;
    }

    [LoggerMessage(LogLevel.Warning, "instance '{Instance}' of an OpenEnv connection that ended was not released, and is released as idle: {Reason}")]
    private partial void NotReleased(string instance, string reason);
}
