using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Replay;

namespace SandQueue.Workers.Determinism;

/// <summary>
/// What a determinism run says of an environment that exits, hangs or answers nonsense: where, what is concluded and why, and what its
/// server printed last. Such an end is the environment's own failure there, never the agent's doing and never a difference.
/// </summary>
internal static class EnvironmentFailures
{
    private const int Longest = 500;

    /// <param name="episode">The episode that was replayed.</param>
    /// <param name="time">Which replay of it, from 1.</param>
    /// <param name="command">The command that failed.</param>
    /// <param name="what">What happened.</param>
    /// <param name="output">What its server printed last.</param>
    public static string Replayed(Instance episode, int time, RecordedCommand command, string what, string output) =>
        $"{Named(episode)}, replay {time}, {ReplayedCommand.NameOf(command)}: {OneLine.Of(what, Longest)}. It answered this when it was recorded, so this is a failure of the environment, "
        + $"neither a difference nor the agent's doing; the rest of this replay was not run. Its server printed last: {Shown(output)}";

    /// <param name="episode">The episode that was to be replayed.</param>
    /// <param name="time">Which replay of it, from 1.</param>
    /// <param name="what">Why no server runs.</param>
    public static string NotStarted(Instance episode, int time, string what) => $"{Named(episode)}, replay {time}: {OneLine.Of(what, Longest)}. This is a failure of the environment; the run ends here";

    /// <param name="episode">The episode.</param>
    /// <param name="command">A step of it that the environment did not survive when it was recorded.</param>
    public static string Recorded(Instance episode, RecordedCommand command) =>
        $"{Named(episode)}, {ReplayedCommand.NameOf(command)}: when it was recorded, {command.Detail}, twice, the second time alone in its container, and the journal counts it as "
        + "the agent's doing with a reward of 0. A determinism run counts it as a failure of the environment and does not run it again; "
        + "with the setting Young such a step fails without a reward, and says what the server printed last";

    private static string Named(Instance episode) => $"environment '{episode.EnvType}', task '{episode.TaskId}', instance '{episode.InstanceId}'";

    private static string Shown(string output) => OneLine.OfEnd(output, Longest) is { Length: > 0 } shown ? shown : "nothing";
}
