using System.Text.Json;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Protocols.AppWorld.Checkpoints;
using SandQueue.Workers.Protocols.AppWorld.Server;
using SandQueue.Workers.Protocols.Messages;

namespace SandQueue.Workers.Protocols.AppWorld;

/// <summary>A world of AppWorld, in the process it has for itself.</summary>
internal sealed class AppWorldInstance(
    AppWorldProcess process, WorldCheckpoints checkpoints, Action<Utf8JsonWriter> task, bool sparse, ReadOnlyMemory<byte> opening) : ICheckpointedInstance
{
    /// <summary>Why an episode ends here: the agent said that it is done.</summary>
    private const string Completed = "completed";

    private int _left;

    public ReadOnlyMemory<byte> Opening => opening;

    public async Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlyMemory<byte> action, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        var sent = ActionJson.Read(action);
        var sparseReward = sparse || CallParameters.IsSparse(parameters);
        var message = AgentMessage.Read(sent, cancellationToken);
        if (message.IsTooLarge) return EpisodeShape.Step(StepShape.TooLarge(sent, message));

        var answers = StepShape.Answers(sent, AppWorldPrompt.NoTools);
        if (AppWorldCode.Find(message.Text) is not { } code)
        {
            return EpisodeShape.Step(new StepShape(answers.Count > 0 ? AppWorldPrompt.NoTools : AppWorldPrompt.NoCode) { Problem = "no_code", ToolMessages = answers });
        }

        var output = await process.CallAsync("/execute", With(writer => writer.WriteString("code", code)), cancellationToken);
        var observation = output.ValueKind == JsonValueKind.String ? JsonText.Read(output) : output.GetRawText();
        var completed = (await process.CallAsync("/task_completed", task, cancellationToken)).ValueKind == JsonValueKind.True;
        var reward = completed ? (await VerdictAsync(cancellationToken)).Reward(sparseReward) : 0;
        return EpisodeShape.Step(new StepShape(observation, reward, completed ? Completed : null) { ToolMessages = answers });
    }

    public async Task<ReadOnlyMemory<byte>> EvaluateAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        var asked = CallParameters.IsSparse(parameters);
        var verdict = await VerdictAsync(cancellationToken);
        return AnswerJson.Write(512, writer => verdict.Write(writer, asked));
    }

    public Task<ReadOnlyMemory<byte>> DescribeAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        Task.FromResult<ReadOnlyMemory<byte>>(AnswerJson.Write(AppWorldPrompt.Rules.Length + 16, writer => writer.WriteStringValue(AppWorldPrompt.Rules)));

    public Task<SavedState> SaveAsync(CancellationToken cancellationToken) => checkpoints.SaveAsync(cancellationToken);

    public Task<string?> LoadAsync(ReadOnlyMemory<byte> state, CancellationToken cancellationToken) => checkpoints.LoadAsync(AppWorldState.Unpack(state), cancellationToken);

    public Task ReleaseAsync(CancellationToken cancellationToken) => Interlocked.Exchange(ref _left, 1) == 0 ? process.EndLeaseAsync(task, cancellationToken) : Task.CompletedTask;

    /// <summary>Without suppress_errors a failed test is an error of the server's, and looks like a server that broke.</summary>
    private async Task<AppWorldVerdict> VerdictAsync(CancellationToken cancellationToken) => new(await process.CallAsync(
        "/evaluate",
        With(writer =>
        {
            writer.WriteBoolean("suppress_errors", true);
            writer.WriteBoolean("report", false);
        }),
        cancellationToken));

    private Action<Utf8JsonWriter> With(Action<Utf8JsonWriter> more) => writer =>
    {
        task(writer);
        more(writer);
    };
}
