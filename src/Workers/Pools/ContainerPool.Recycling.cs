using Microsoft.Extensions.Logging;

namespace SandQueue.Workers.Pools;

/// <summary>The part of the pool that lets containers go: recycling, the minimum, the idle.</summary>
internal sealed partial class ContainerPool
{
    /// <summary>The containers that run now, to look after outside of the lock.</summary>
    internal IReadOnlyList<PooledContainer> Snapshot()
    {
        lock (_lock) return [.. _containers];
    }

    internal void MarkDue(PooledContainer container, string reason)
    {
        lock (_lock)
        {
            container.Due ??= reason;
            RetireDue();
            ServeWaiting();
        }
    }

    /// <summary>Ends containers above the minimum that have held nothing for long.</summary>
    internal void Shrink()
    {
        lock (_lock)
        {
            var idle = _containers
                .Where(container => container.TakesInstances && container.Instances == 0 && _time.GetElapsedTime(container.EmptySince) >= _options.ShrinkAfter)
                .OrderBy(container => container.EmptySince)
                .Take(Math.Max(0, Running() - _options.MinContainers));
            foreach (var container in idle.ToList())
            {
                Shrunk(Environment, container.Container.Id);
                End(container);
            }
        }
    }

    internal void StartMinimum()
    {
        lock (_lock) Start(_options.MinContainers - Running());
    }

    /// <summary>
    /// A container that is due takes no more instances and ends when the last has left. One at a time, beside the
    /// maximum: its place goes to a fresh one at once, so recycling costs no room, and one container's memory at most.
    /// </summary>
    private void RetireDue()
    {
        var replaced = 0;
        foreach (var container in _containers.Where(container => container.Due is not null).ToList())
        {
            if (container.Instances == 0)
            {
                Recycled(Environment, container.Container.Id, container.Due!);
                End(container);
                replaced++;
            }
            else if (!container.Retiring && !_containers.Exists(other => other.Retiring))
            {
                container.Retiring = true;
                replaced++;
            }
        }

        Start(Math.Min(replaced, _options.MinContainers - Running()));
    }

    [LoggerMessage(LogLevel.Information, "a container of '{Environment}' had nothing to do and was ended: {Container}")]
    private partial void Shrunk(string environment, string container);

    [LoggerMessage(LogLevel.Information, "a container of '{Environment}' is recycled: {Container}, {Reason}")]
    private partial void Recycled(string environment, string container, string reason);
}
