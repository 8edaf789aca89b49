using Microsoft.Extensions.Logging;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Pools;

/// <summary>Chooses the containers that end: the recycled, one at a time, and the idle. Every member is called under the pool's lock.</summary>
internal sealed partial class ContainerRecycling(string environment, EnvironmentOptions options, ContainerSet containers, TimeProvider time, ILogger log)
{
    /// <summary>Counts an instance that a container was given.</summary>
    public void Served(PooledContainer container)
    {
        if (++container.Served >= options.Recycling.AfterInstances) container.Due ??= $"it has served {container.Served} instances";
    }

    /// <summary>
    /// A container that is due takes no more instances and ends when the last has left. One at a time, beside the
    /// maximum: a fresh one replaces it at once, so recycling costs no slots, and one container's memory at most.
    /// </summary>
    /// <param name="end">Ends a container.</param>
    /// <returns>Containers that need a fresh one in their stead.</returns>
    public int RetireDue(Action<PooledContainer> end)
    {
        var replaced = 0;
        foreach (var container in containers.Copy().Where(container => container.Due is not null))
        {
            if (container.Instances == 0)
            {
                Recycled(environment, container.Container.Id, container.Due!);
                end(container);
                replaced++;
            }
            else if (!container.Retiring && !containers.Copy().Any(other => other.Retiring))
            {
                container.Retiring = true;
                replaced++;
            }
        }

        return replaced;
    }

    /// <summary>Ends containers above the minimum that have held nothing for long.</summary>
    public void Shrink(Action<PooledContainer> end)
    {
        var idle = containers.Copy()
            .Where(container => container.TakesInstances && container.Instances == 0 && time.GetElapsedTime(container.EmptySince) >= options.ShrinkAfter)
            .OrderBy(container => container.EmptySince)
            .Take(Math.Max(0, containers.Running - options.MinContainers));
        foreach (var container in idle.ToList())
        {
            Shrunk(environment, container.Container.Id);
            end(container);
        }
    }

    [LoggerMessage(LogLevel.Information, "a container of '{Environment}' had nothing to do and was ended: {Container}")]
    private partial void Shrunk(string environment, string container);

    [LoggerMessage(LogLevel.Information, "a container of '{Environment}' is recycled: {Container}, {Reason}")]
    private partial void Recycled(string environment, string container, string reason);
}
