using SandQueue.Contracts;
using SandQueue.Routing.Fleet;
using SandQueue.Transport.RabbitMq;

namespace SandQueue.Routing.Observation;

/// <summary>
/// What a scaler of workers needs. A queue of steps is near empty even where the farm is full, so it says what waits in the queues of Creates, and how far the
/// slots are taken.
/// </summary>
public sealed class ScalingSignal
{
    private readonly FleetView _fleet;
    private readonly WaitingCreates _creates;
    private readonly QueueDepths _queues;

    internal ScalingSignal(FleetView fleet, WaitingCreates creates, QueueDepths queues) => (_fleet, _creates, _queues) = (fleet, creates, queues);

    /// <summary>
    /// The environments that a worker serves. What waits is the greater of what the broker's queue of all gateways holds and of what this gateway has sent or
    /// keeps back for its tenants' turns: 0 only where both are.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The database, which lists the workers, cannot be reached.</exception>
    public async Task<IReadOnlyDictionary<string, EnvironmentLoad>> ReadAsync(CancellationToken cancellationToken)
    {
        var capacities = await _fleet.CapacitiesAsync(cancellationToken);
        var queued = await _queues.CountAsync(capacities.Select(capacity => QueueNames.Create(capacity.Environment)), cancellationToken);
        var own = _creates.Count();
        return capacities.ToDictionary(
            capacity => capacity.Environment,
            capacity => new EnvironmentLoad(
                Math.Max(queued.GetValueOrDefault(QueueNames.Create(capacity.Environment)), own.GetValueOrDefault(capacity.Environment)), capacity.LiveInstances, capacity.FreeSlots),
            StringComparer.Ordinal);
    }
}
