using System.Text.Json;
using SandQueue.Client.Commands;

namespace SandQueue.Client;

/// <summary>Reads what commands answer. What cannot be read says that the command was executed, and that its answer is none.</summary>
internal static class Answers
{
    public static EpisodeStep Step(JsonElement answer, string commandId, string? instanceId) => Read(answer, commandId, instanceId, static (answer, commandId) =>
    {
        var info = answer.GetProperty("info");
        return new EpisodeStep
        {
            CommandId = commandId,
            State = State(answer, least: 1),
            Reward = Number(answer.GetProperty("reward")),
            IsTerminated = answer.GetProperty("is_terminated").GetBoolean(),
            IsTruncated = info.TryGetProperty("truncated", out var truncated) && truncated.GetBoolean(),
            EndReason = ProblemReader.Text(info, "end_reason"),
            Number = info.GetProperty("step").GetInt32(),
            Info = info,
        };
    });

    public static EnvironmentInstance Opening(JsonElement answer, string commandId, string instanceId, SandQueueClient client) => Read(answer, commandId, instanceId, (answer, _) =>
        new EnvironmentInstance(client, instanceId) { Messages = State(answer, least: 2), Info = answer.GetProperty("info") });

    public static Evaluation Evaluation(JsonElement answer, string commandId, string instanceId) => Read(answer, commandId, instanceId, static (answer, commandId) => new Evaluation
    {
        CommandId = commandId,
        Score = answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("score", out var score) ? Number(score) : Number(answer),
        EndReason = ProblemReader.Text(answer, "end_reason"),
        Details = answer,
    });

    /// <summary>Task ids, and what asks for more: a page where the transport has pages, else the list.</summary>
    public static (IReadOnlyList<string> Tasks, string? Next) Tasks(JsonElement answer, ListTasks asked) => Read(answer, null, null, (answer, _) =>
    {
        if (answer.ValueKind == JsonValueKind.Object) return (Texts(answer.GetProperty("tasks")), answer.GetProperty("next_cursor").GetString());
        return ((IReadOnlyList<string>)[.. Texts(answer).Where(id => asked.Search is null || id.Contains(asked.Search, StringComparison.OrdinalIgnoreCase))], (string?)null);
    });

    /// <summary>Reads something out of an answer.</summary>
    /// <exception cref="SandQueueException">It is not what it has to be.</exception>
    public static T Read<T>(JsonElement answer, string? commandId, string? instanceId, Func<JsonElement, string, T> read)
    {
        try
        {
            return read(answer, commandId ?? "");
        }
        catch (Exception exception) when (exception is KeyNotFoundException or InvalidOperationException or FormatException or JsonException)
        {
            throw new SandQueueException(Refusal.Unknown($"the answer is not what it has to be: {exception.Message}", Codes.MalformedAnswer), commandId, instanceId);
        }
    }

    private static IReadOnlyList<string> Texts(JsonElement list) => [.. list.EnumerateArray().Select(id => id.GetString() ?? throw new FormatException("an id is null"))];

    private static List<ChatMessage> State(JsonElement answer, int least)
    {
        var messages = answer.GetProperty("state").Deserialize(ClientJson.Default.ListChatMessage);
        return messages?.Count >= least ? messages : throw new FormatException("state has too few messages");
    }

    private static double? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
