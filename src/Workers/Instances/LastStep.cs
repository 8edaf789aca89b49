namespace SandQueue.Workers.Instances;

/// <summary>
/// The step an instance took last, as far as it matters to a caller who sends it again. Its answer goes to every command that
/// repeats it, and is kept for another one only while not one of them is known to have reached its caller.
/// </summary>
/// <param name="commandId">The command that took it.</param>
/// <param name="action">Its action, byte for byte.</param>
/// <param name="parameters">Its <c>params</c>, byte for byte.</param>
/// <param name="answer">Its answer.</param>
/// <param name="endedAt">When its answer was ready, on the monotonic clock.</param>
internal sealed class LastStep(string commandId, byte[] action, byte[] parameters, byte[] answer, long endedAt)
{
    private readonly HashSet<string> _taken = [commandId];

    public string CommandId => commandId;

    public byte[] Action => action;

    public byte[] Params => parameters;

    public byte[] Answer => answer;

    public long EndedAt => endedAt;

    /// <summary>Nobody has its answer: each of those it was given to had hung up.</summary>
    public bool IsUndelivered => _taken.Count == 0;

    /// <summary>Another command was given the answer.</summary>
    public void Given(string command) => _taken.Add(command);

    /// <summary>A command's caller had hung up before the answer reached it. Word of that may come after another was given the answer.</summary>
    /// <returns>False where it was not given to that command.</returns>
    public bool Undelivered(string command) => _taken.Remove(command);
}
