using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;
using SandQueue.Workers.Answers;
using SandQueue.Workers.Protocols.Messages;

namespace SandQueue.Workers.Protocols.OpenEnv;

/// <summary>Reads the data of an <c>observation</c> frame: <c>{"observation":{…},"reward":number or null,"done"}</c>.</summary>
internal static class OpenEnvObservation
{
    /// <summary>The end of an episode has no reason in this protocol.</summary>
    private const string Done = "done";

    /// <exception cref="EnvironmentFailedException">It has another shape.</exception>
    public static StepShape Read(JsonElement data, string field)
    {
        var observation = Of(data);
        var reward = data.TryGetProperty("reward", out var given) && given.ValueKind == JsonValueKind.Number ? AnswerJson.Number(given, "reward") : 0;
        var done = data.TryGetProperty("done", out var ended) && ended.ValueKind == JsonValueKind.True;
        return new StepShape(Text(observation, field), reward, done ? Done : null);
    }

    public static JsonElement Of(JsonElement data) => AnswerJson.Required(data, "observation", JsonValueKind.Object);

    /// <summary>The field that is shown, or all of the observation where it has no such field.</summary>
    public static string Text(JsonElement observation, string field)
    {
        var shown = field.Length > 0 && observation.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : observation;
        return shown.ValueKind == JsonValueKind.String ? JsonText.Read(shown) : shown.GetRawText();
    }
}
