using SandQueue.Contracts;
using SandQueue.Routing;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Connections;

namespace SandQueue.Gateway.OpenEnv.Episodes;

/// <summary>Releases the instance of an episode that nobody plays any more. What cannot be released now, the sweep releases as idle.</summary>
internal sealed partial class EpisodeEnd(ICommandRouter router, ILogger<EpisodeEnd> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task RunAsync(string tenant, string instanceId, CancellationToken cancellationToken)
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
            if (outcome is not (CommandOutcome.Completed or CommandOutcome.Rejected { Reason: CommandReason.Released or CommandReason.UnknownInstance })
                && outcome is not CommandOutcome.Failed { Reason: CommandReason.Lost or CommandReason.Diverged })
            {
                NotReleased(instanceId, outcome is CommandOutcome.Refusal refusal ? refusal.Detail : "no answer came in time");
            }
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            NotReleased(instanceId, exception.GetBaseException().Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "instance '{Instance}' of an OpenEnv connection that ended was not released, and is released as idle: {Reason}")]
    private partial void NotReleased(string instance, string reason);
}
