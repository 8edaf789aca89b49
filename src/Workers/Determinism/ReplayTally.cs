using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Determinism;

/// <summary>Counts what the replays of a determinism run give.</summary>
internal sealed class ReplayTally(string environment, int times)
{
    private readonly List<string> _differences = [];
    private readonly List<string> _failures = [];
    private int _episodes;
    private int _observations;
    private int _identical;

    public ReplayShare Share => new(environment, _episodes, times, _observations, _identical, _differences, _failures);

    /// <summary>An episode that is replayed from now on; what the environment did not survive in it was recorded as a result.</summary>
    public void Begin(RecordedEpisode episode)
    {
        _episodes++;
        _failures.AddRange(episode.Commands.Where(IsAgentFault).Select(command => EnvironmentFailures.Recorded(episode.Row, command)));
    }

    /// <summary>All observations of an episode that its environment made.</summary>
    public void Expect(RecordedEpisode episode) =>
        _observations += episode.Commands.Count(command => command.Kind is JournalKind.Create or JournalKind.Step && !IsAgentFault(command));

    public void Same() => _identical++;

    public void Differs(RecordedEpisode episode, int time, string difference) => _differences.Add($"task '{episode.Row.TaskId}', replay {time}: {difference}");

    public void Fails(string failure) => _failures.Add(failure);

    // Its observation is ours, and no replay runs it again.
    private static bool IsAgentFault(RecordedCommand command) => command is { Kind: JournalKind.Step, Cause: FailureCause.Agent };
}
