using SandQueue.Contracts;
using SandQueue.Routing.Outcomes;
using SandQueue.Storage.Instances;

namespace SandQueue.Routing;

/// <summary>A sandbox is a name that instances are made under; it ends them together.</summary>
public sealed class SandboxInstances
{
    private readonly ICommandRouter _router;
    private readonly InstanceDirectory _instances;

    internal SandboxInstances(ICommandRouter router, InstanceDirectory instances) => (_router, _instances) = (router, instances);

    /// <summary>The names of the living instances made through a sandbox.</summary>
    public Task<List<string>> ListAsync(string tenant, string sandboxId, CancellationToken cancellationToken) =>
        _instances.FindBySandboxAsync(tenant, sandboxId, cancellationToken);

    /// <summary>Releases every living instance of a sandbox.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="sandboxId">The sandbox.</param>
    /// <param name="limit">The time each release may take.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>The first outcome that leaves an instance alive or in doubt; null where all of them have ended.</returns>
    public async Task<CommandOutcome?> ReleaseAsync(string tenant, string sandboxId, TimeSpan limit, CancellationToken cancellationToken)
    {
        var living = await ListAsync(tenant, sandboxId, cancellationToken);
        var outcomes = await Task.WhenAll(living.Select(instance => _router.SendAsync(Release(tenant, instance, limit), cancellationToken)));

        // One that ended meanwhile was refused, and is gone as wished.
        return Array.Find(outcomes, outcome => outcome is not (CommandOutcome.Completed or CommandOutcome.Rejected { Reason: not CommandReason.NoCapacity }));
    }

    private static ReleaseInstance Release(string tenant, string instance, TimeSpan limit) => new()
    {
        CommandId = Guid.CreateVersion7().ToString("n"),
        Tenant = tenant,
        InstanceId = instance,
        RemainingMs = (int)limit.TotalMilliseconds,
    };
}
