using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services;

/// <summary>
/// One simulated service with its state. A task keeps one of each as the starting point, never called; what an episode
/// calls is a fork of it, which shares every value that was not changed.
/// </summary>
internal abstract class Service
{
    /// <summary>What can be called on it.</summary>
    public abstract ServiceMethods Methods { get; }

    /// <summary>The attributes an official state check compares, in the reference program's names.</summary>
    public abstract IEnumerable<(string Name, PyValue Value)> PublicState { get; }

    public virtual Service Fork() => (Service)MemberwiseClone();

    /// <summary>Whether both, of one class, would pass the official state check.</summary>
    public virtual bool HasStateOf(Service other)
    {
        foreach (var ((_, mine), (_, theirs)) in PublicState.Zip(other.PublicState))
        {
            if (!ReferenceEquals(mine, theirs) && !PyEquality.Equal(mine, theirs)) return false;
        }

        return true;
    }

    protected static PyDict Error(string message) => new(("error", message));
}
