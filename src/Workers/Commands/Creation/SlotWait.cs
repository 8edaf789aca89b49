using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Leases;
using SandQueue.Workers.Pools;

namespace SandQueue.Workers.Commands.Creation;

/// <summary>Waits for a slot while this worker has capacity, or will have it once a container has started, and does not drain.</summary>
internal static class SlotWait
{
    /// <summary>Containers that may fail to start for one Create.</summary>
    private const int MaxStarts = 3;

    /// <summary>How long a full worker keeps a Create before it lets another have it.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    /// <returns>Null where the worker is full or drains: the Create goes back to the queue, for another worker.</returns>
    /// <exception cref="OperationCanceledException">The Create's time ran out.</exception>
    /// <exception cref="ContainerException">Several containers could not be started.</exception>
    public static async Task<ContainerSlot?> AcquireAsync(ContainerPool pool, string tenant, DrainState drain, TimeProvider time, CancellationToken cancellationToken)
    {
        var starts = 1;
        do
        {
            using var moment = new CancellationTokenSource(Moment, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, moment.Token);
            try
            {
                return await pool.AcquireAsync(either.Token, tenant: tenant);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Only this moment is over.
            }
            catch (ContainerException) when (starts++ < MaxStarts)
            {
                // One start may fail for what happens to it; several say that none will succeed.
            }
        }
        while (pool.FreeSlots > 0 && !drain.IsDraining);
        return null;
    }
}
