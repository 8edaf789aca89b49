using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Answers;

/// <summary>What an evaluation answers: a number, or an object with the episode's end and provenance in it.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Reward">The score; null where the environment's details have none.</param>
internal sealed record EvaluationAnswer(byte[] Answer, double? Reward)
{
    /// <param name="data">The environment's answer.</param>
    /// <param name="end">How the episode ended, as its last step said: the environment may not know the limits of its caller. Null while it goes on.</param>
    /// <param name="provenance">The episode's provenance.</param>
    /// <exception cref="EnvironmentFailedException">The environment's answer is no JSON.</exception>
    public static EvaluationAnswer Compose(ReadOnlyMemory<byte> data, EpisodeEnd? end, byte[] provenance) =>
        AnswerJson.Read(data, given => Compose(given, data, end, provenance));

    private static EvaluationAnswer Compose(JsonElement given, ReadOnlyMemory<byte> data, EpisodeEnd? end, byte[] provenance)
    {
        if (given.ValueKind == JsonValueKind.Number) return new EvaluationAnswer(data.ToArray(), AnswerJson.Number(given, "score"));
        if (given.ValueKind != JsonValueKind.Object) return new EvaluationAnswer(data.ToArray(), null);

        double? reward = given.TryGetProperty("score", out var score) && score.ValueKind == JsonValueKind.Number ? AnswerJson.Number(score, "score") : null;
        var answer = AnswerJson.Write(data.Length + provenance.Length + 96, writer =>
        {
            writer.WriteStartObject();
            AnswerJson.WriteMembers(writer, given, except: [EpisodeEnd.ReasonName, EpisodeEnd.TruncatedName, "provenance"]);
            EpisodeEnd.Write(writer, end);
            writer.WritePropertyName("provenance");
            writer.WriteRawValue(provenance, skipInputValidation: true);
            writer.WriteEndObject();
        });
        return new EvaluationAnswer(answer, reward);
    }
}
