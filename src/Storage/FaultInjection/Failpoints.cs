using System.Collections.Concurrent;

namespace SandQueue.Storage.FaultInjection;

/// <summary>
/// The moments at which the death of a process or the loss of a connection does the most harm. Only tests set faults here, to
/// prove that nothing is lost or done twice even then.
/// </summary>
public sealed class Failpoints
{
    private readonly ConcurrentDictionary<Failpoint, Func<Task>> _faults = new();

    /// <summary>Sets what happens at a moment; null removes it.</summary>
    public void Set(Failpoint point, Func<Task>? fault)
    {
        if (fault is null) _faults.TryRemove(point, out _);
        else _faults[point] = fault;
    }

    /// <summary>Whether a fault is set for a moment.</summary>
    public bool IsSet(Failpoint point) => !_faults.IsEmpty && _faults.ContainsKey(point);

    /// <summary>Called at a moment: runs the fault that a test has set for it.</summary>
    public Task ReachAsync(Failpoint point) =>
        !_faults.IsEmpty && _faults.TryGetValue(point, out var fault) ? fault() : Task.CompletedTask;
}
