using System.Text.Json;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Abstractions.Messages;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Configuration;
using SandQueue.Workers.Protocols.Messages;

namespace SandQueue.Workers.Protocols.OpenEnv;

/// <summary>An instance behind the OpenEnv protocol: one session, and the rewards it gave so far.</summary>
internal sealed class OpenEnvInstance(OpenEnvSession session, OpenEnvOptions options, OpenEnvTools tools, string rules, ReadOnlyMemory<byte> opening) : IEnvironmentInstance
{
    private readonly List<double> _rewards = [];

    public ReadOnlyMemory<byte> Opening => opening;

    public async Task<ReadOnlyMemory<byte>> StepAsync(ReadOnlyMemory<byte> action, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        var sent = ActionJson.Read(action);
        var message = AgentMessage.Read(sent, cancellationToken);
        var step = message.IsTooLarge ? StepShape.TooLarge(sent, message)
            : options.Action == "tools" ? await CallToolsAsync(sent, message, cancellationToken)
            : await ActAsync(sent, message, cancellationToken);
        _rewards.Add(step.Reward);
        return EpisodeShape.Step(step);
    }

    public Task<ReadOnlyMemory<byte>> EvaluateAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken)
    {
        var score = _rewards.Count == 0 ? 0 : options.Score switch
        {
            "last" => _rewards[^1],
            "max" => _rewards.Max(),
            _ => _rewards.Sum(),
        };
        var sparse = CallParameters.IsSparse(parameters);
        return Task.FromResult<ReadOnlyMemory<byte>>(AnswerJson.Write(64, writer =>
        {
            if (sparse)
            {
                writer.WriteNumberValue(score);
                return;
            }

            writer.WriteStartObject();
            writer.WriteNumber("score", score);
            writer.WriteString("policy", options.Score);
            writer.WriteNumber("steps", _rewards.Count);
            writer.WriteEndObject();
        }));
    }

    public Task<ReadOnlyMemory<byte>> DescribeAsync(ReadOnlyMemory<byte> messages, ReadOnlyMemory<byte> parameters, CancellationToken cancellationToken) =>
        Task.FromResult<ReadOnlyMemory<byte>>(AnswerJson.Write(rules.Length + 16, writer => writer.WriteStringValue(rules)));

    public async Task ReleaseAsync(CancellationToken cancellationToken) => await session.DisposeAsync().AsTask().WaitAsync(cancellationToken);

    private async Task<StepShape> ActAsync(AgentAction sent, AgentMessage message, CancellationToken cancellationToken)
    {
        if (sent.ToolCalls.Count > 0)
        {
            const string NoTools = "This environment has no tools; write your action as text.";
            return new StepShape(NoTools) { Problem = "no_tools", ToolMessages = StepShape.Answers(sent, NoTools) };
        }

        if (options.Action == "text") return await SendAsync(writer => Members(writer, () => writer.WriteString(options.ActionField, Spoken(sent, message))), cancellationToken);

        return OpenEnvAction.Find(message.Text, out var mistake) is { } found
            ? await SendAsync(writer => AnswerJson.WriteRaw(writer, found), cancellationToken)
            : new StepShape($"There is no action in your message: it must hold one JSON object{(mistake is null ? "" : $", and {mistake}")}.") { Problem = "no_json" };
    }

    /// <summary>What was said is taken word for word. Chat templates put line ends between a thought and that.</summary>
    private static string Spoken(AgentAction sent, AgentMessage message) => message.Text.Length < sent.Content.Length ? message.Text.Trim() : message.Text;

    /// <summary>One call after the other, for there is one request at a time; after the one that ends the episode none.</summary>
    private async Task<StepShape> CallToolsAsync(AgentAction sent, AgentMessage message, CancellationToken cancellationToken)
    {
        if (message.Calls.Count == 0) return new StepShape("There is no tool call in your message: every action is one.") { Problem = "no_tool_call" };

        var answers = new List<string>(message.Calls.Count);
        var reward = 0.0;
        string? end = null;
        string? problem = null;
        foreach (var call in message.Calls)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = end is not null ? new StepShape("Not carried out: the episode is over.") : await CallToolAsync(call, cancellationToken);
            answers.Add(step.Observation);
            (reward, end, problem) = (reward + step.Reward, end ?? step.EndReason, problem ?? step.Problem);
        }

        return new StepShape(string.Join('\n', answers), reward, end)
        {
            Problem = problem,
            // Calls in the text have no ids that an answer could name.
            ToolMessages = [.. sent.ToolCalls.Select((call, index) => new ToolMessage(call.Id, call.Name, answers[index]))],
        };
    }

    private async Task<StepShape> CallToolAsync(AgentCall call, CancellationToken cancellationToken)
    {
        if (call.Mistake is { } mistake) return new StepShape($"The call cannot be read: {mistake}.") { Problem = "no_call" };
        if (tools.Find(call.Name) is not { } tool)
        {
            return new StepShape($"There is no such tool; the tools are {string.Join(", ", tools.Functions)}.") { Problem = "no_such_tool" };
        }

        return await SendAsync(
            writer => Members(writer, () =>
            {
                writer.WriteString("type", "call_tool");
                writer.WriteString("tool_name", tool);
                writer.WritePropertyName("arguments");
                AnswerJson.WriteRaw(writer, call.Arguments);
            }),
            cancellationToken);
    }

    private async Task<StepShape> SendAsync(Action<Utf8JsonWriter> action, CancellationToken cancellationToken)
    {
        try
        {
            return OpenEnvObservation.Read(await session.AskAsync("step", action, cancellationToken), options.ObservationField);
        }
        catch (OpenEnvErrorException exception) when (exception.KeepsSession)
        {
            // The agent's doing: it learns what was wrong, and the episode goes on.
            return new StepShape(exception.Message) { Problem = exception.Code };
        }
        catch (OpenEnvErrorException exception)
        {
            throw new EnvironmentFailedException($"the environment ended the session: {exception.Code}, {exception.Message}", exception);
        }
    }

    private static void Members(Utf8JsonWriter writer, Action members)
    {
        writer.WriteStartObject();
        members();
        writer.WriteEndObject();
    }
}
