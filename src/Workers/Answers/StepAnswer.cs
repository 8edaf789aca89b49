using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Answers;

/// <summary>
/// What a step answers, in the one shape that every environment has:
/// <c>{"state":[one message],"reward","is_terminated","info":{"step",…,"end_reason","truncated"}}</c>.
/// </summary>
/// <param name="Answer">The answer.</param>
/// <param name="Reward">Its reward.</param>
/// <param name="End">How the episode ended with it; null where it goes on.</param>
/// <param name="ObservationHash">Of what a replay must repeat: state, reward and end, never info.</param>
internal sealed record StepAnswer(byte[] Answer, double Reward, EpisodeEnd? End, byte[] ObservationHash)
{
    private const int LongestReason = 200;

    /// <summary>Why the episode ended with it; null where it goes on.</summary>
    public string? EndReason => End?.Reason;

    /// <param name="data">The environment's answer.</param>
    /// <param name="step">The step's number.</param>
    /// <param name="maxSteps">How many steps the caller allows; null for no limit.</param>
    /// <param name="canonical">Under which form the environment's observations are compared.</param>
    /// <exception cref="EnvironmentFailedException">The environment's answer has another shape.</exception>
    public static StepAnswer Compose(ReadOnlyMemory<byte> data, int step, int? maxSteps, CanonicalForm canonical) =>
        AnswerJson.Read(data, given => Compose(given, data.Length, step, maxSteps, canonical));

    private static StepAnswer Compose(JsonElement data, int length, int step, int? maxSteps, CanonicalForm canonical)
    {
        var state = AnswerJson.Messages(data, 1, "step");
        var reward = AnswerJson.Required(data, "reward", JsonValueKind.Number);
        var number = AnswerJson.Number(reward, "reward");
        var info = data.TryGetProperty("info", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        var terminated = data.TryGetProperty("is_terminated", out var ended) && ended.ValueKind == JsonValueKind.True;
        var end = terminated ? Said(info) : step >= maxSteps ? new EpisodeEnd(EpisodeEnd.MaxSteps, IsTruncated: true) : null;

        var answer = AnswerJson.Write(length + 96, writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("state");
            AnswerJson.WriteRaw(writer, state);
            writer.WritePropertyName("reward");
            AnswerJson.WriteRaw(writer, reward);
            writer.WriteBoolean("is_terminated", end is not null);
            writer.WriteStartObject("info");
            writer.WriteNumber("step", step);
            if (info.ValueKind == JsonValueKind.Object) AnswerJson.WriteMembers(writer, info, except: ["step", EpisodeEnd.ReasonName, EpisodeEnd.TruncatedName]);
            if (end is not null) EpisodeEnd.Write(writer, end);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        return new StepAnswer(answer, number, end, Hash(canonical, state, reward, end is not null));
    }

    /// <summary>The end as the environment says it.</summary>
    private static EpisodeEnd Said(JsonElement info) => new(
        Text(info, EpisodeEnd.ReasonName) ?? "terminated",
        info.ValueKind == JsonValueKind.Object && info.TryGetProperty(EpisodeEnd.TruncatedName, out var cut) && cut.ValueKind == JsonValueKind.True);

    private static string? Text(JsonElement info, string name) =>
        info.ValueKind == JsonValueKind.Object && info.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? OneLine.Of(value.GetString()!, LongestReason)
            : null;

    private static byte[] Hash(CanonicalForm canonical, JsonElement state, JsonElement reward, bool ended)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        canonical.Append(hash, state);
        hash.AppendData(JsonMarshal.GetRawUtf8Value(reward));
        hash.AppendData(ended ? "1"u8 : "0"u8);
        return hash.GetHashAndReset();
    }
}
