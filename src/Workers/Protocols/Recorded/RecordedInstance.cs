using SandQueue.Contracts;
using SandQueue.Storage.Journal;
using SandQueue.Storage.Model;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Protocols.Recorded;

/// <summary>A recorded episode that answers again, step by step. What it does not have it refuses, and stays where it is.</summary>
internal sealed class RecordedInstance(Recording recording, ReadOnlyMemory<byte> opening, Recordings recordings) : IEnvironmentInstance
{
    private readonly List<RecordedCommand> _steps = [.. recording.Commands.Where(command => command.Kind == JournalKind.Step).OrderBy(command => command.Step)];
    private int _taken;

    public ReadOnlyMemory<byte> Opening => opening;

    public async Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlyMemory<byte> action, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        var number = _taken + 1;
        if (number > _steps.Count) throw Miss($"episode {recording.EpisodeId} has {Steps(_steps.Count)}; it has no step {number}");
        var step = _steps[_taken];
        if (!JsonMeaning.AreSame(action, step.Action)) throw Miss($"{ShownDifference.Of("action", step.Action, action, number, recording.EpisodeId)}");
        if (!JsonMeaning.AreSame(parameters, step.Params)) throw Miss($"{ShownDifference.Of("params", step.Params, parameters, number, recording.EpisodeId)}");
        var answer = await recordings.ReadAnswerAsync(step, cancellationToken);
        _taken++;
        return answer;
    }

    public async Task<ReadOnlyMemory<byte>> EvaluateAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        await RecordedScores.FindAsync(recording, _taken, messages, parameters, recordings, cancellationToken);

    public Task<ReadOnlyMemory<byte>> DescribeAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        Task.FromException<ReadOnlyMemory<byte>>(Miss($"what the environment of episode {recording.EpisodeId} said of itself is not recorded"));

    public Task ReleaseAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal static string Steps(int count) => count == 1 ? "1 step" : $"{count} steps";

    internal static EnvironmentRejectedException Miss(string detail) => new(detail, CommandReason.RecordedMiss);
}
