using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;

namespace SandQueue.Workers.Protocols.Recorded;

/// <summary>The scores that an episode was given while it was recorded. One that was asked for after another step says nothing about this one.</summary>
internal static class RecordedScores
{
    /// <summary>What an evaluation answered after so many steps: the newest of those that asked the same, else of those that asked for the other form of the score.</summary>
    /// <exception cref="EnvironmentRejectedException">None is recorded.</exception>
    public static async Task<ReadOnlyMemory<byte>> FindAsync(
        Recording recording, int steps, ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, Recordings recordings, CancellationToken cancellationToken)
    {
        var isSparse = CallParameters.IsSparse(parameters);
        var asked = Evaluations(recording).Where(evaluation => evaluation.Steps == steps && JsonMeaning.AreSame(evaluation.Command.Action, messages)).Select(evaluation => evaluation.Command).ToList();
        var found = asked.FindLast(command => JsonMeaning.AreSame(command.Params, parameters)) ?? asked.FindLast(command => CallParameters.IsSparse(command.Params) == isSparse);
        if (found is not null) return await recordings.ReadAnswerAsync(found, cancellationToken);

        // The number is the same in both forms; the details of an evaluation that was asked for it alone are gone.
        if (asked.FindLast(command => command.Reward is not null) is { Reward: { } score }) return Score(score, isSparse);
        throw RecordedInstance.Miss($"episode {recording.EpisodeId} {Told(recording, steps, asked.Count > 0)}");
    }

    private static string Told(Recording recording, int steps, bool isAsked)
    {
        if (isAsked) return $"has an evaluation after {RecordedInstance.Steps(steps)}, but no score in the form that is asked for";
        var evaluations = Evaluations(recording).ToList();
        if (evaluations.Count == 0) return "was never evaluated, so that there is no score";
        return evaluations.Exists(evaluation => evaluation.Steps == steps)
            ? $"was evaluated after {RecordedInstance.Steps(steps)} with other messages, so that there is no score"
            : $"was evaluated after step {string.Join(", ", evaluations.Select(evaluation => evaluation.Steps).Distinct())} and not after step {steps}, so that there is no score";
    }

    private static IEnumerable<(int Steps, RecordedCommand Command)> Evaluations(Recording recording)
    {
        var steps = 0;
        foreach (var command in recording.Commands)
        {
            if (command.Kind == JournalKind.Step) steps = command.Step!.Value;
            else if (command.Kind == JournalKind.Evaluate) yield return (steps, command);
        }
    }

    private static byte[] Score(double score, bool isSparse) => AnswerJson.Write(32, writer =>
    {
        if (isSparse)
        {
            writer.WriteNumberValue(score);
            return;
        }

        writer.WriteStartObject();
        writer.WriteNumber("score", score);
        writer.WriteEndObject();
    });
}
