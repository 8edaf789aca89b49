using SandQueue.Contracts;

namespace SandQueue.Workers.Instances;

/// <summary>
/// The step an instance took last, as far as it matters to a caller who sends it again. Its answer goes to every command that
/// repeats it, and to a later one only while none of them is known to have reached its caller.
/// </summary>
/// <param name="command">The command that took it.</param>
/// <param name="number">Its number in the episode.</param>
/// <param name="endedAt">When its answer was ready, on the monotonic clock.</param>
internal sealed class LastStep(StepInstance command, int number, long endedAt)
{
    private readonly RememberedJson _action = new(command.Action);
    private readonly RememberedJson _params = new(command.Params);
    private readonly HashSet<string> _delivered = [command.CommandId];

    public string CommandId { get; } = command.CommandId;

    /// <summary>Its number, under which the journal has its answer.</summary>
    public int Number => number;

    public long EndedAt => endedAt;

    /// <summary>Nobody has its answer: the caller of each command that got it had hung up.</summary>
    public bool IsUndelivered => _delivered.Count == 0;

    /// <summary>Whether a command means the same.</summary>
    public bool IsSame(StepInstance other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return _action.MeansTheSameAs(other.Action) && _params.MeansTheSameAs(other.Params);
    }

    /// <summary>Another command got the answer.</summary>
    public void Delivered(string commandId) => _delivered.Add(commandId);

    /// <summary>A command's caller had hung up before the answer reached it. Word of that may come after another command got the answer.</summary>
    /// <returns>False where the answer did not go to that command.</returns>
    public bool Undelivered(string commandId) => _delivered.Remove(commandId);
}
