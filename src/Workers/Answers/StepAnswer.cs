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
/// <param name="EndReason">Why the episode ended with it; null where it goes on.</param>
/// <param name="ObservationHash">Of what a replay must repeat: state, reward and end, never info.</param>
internal sealed record StepAnswer(byte[] Answer, double Reward, string? EndReason, byte[] ObservationHash)
{
    /// <summary>End reason of an episode that used up the steps its caller allowed.</summary>
    private const string MaxSteps = "max_steps";

    private const int LongestReason = 200;

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
        var exhausted = !terminated && step >= maxSteps;
        var endReason = exhausted ? MaxSteps : terminated ? Text(info, "end_reason") ?? "terminated" : null;
        var truncated = exhausted || (info.ValueKind == JsonValueKind.Object && info.TryGetProperty("truncated", out var cut) && cut.ValueKind == JsonValueKind.True);

        var answer = AnswerJson.Write(length + 96, writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("state");
            AnswerJson.WriteRaw(writer, state);
            writer.WritePropertyName("reward");
            AnswerJson.WriteRaw(writer, reward);
            writer.WriteBoolean("is_terminated", endReason is not null);
            writer.WriteStartObject("info");
            writer.WriteNumber("step", step);
            if (info.ValueKind == JsonValueKind.Object) AnswerJson.WriteMembers(writer, info, except: ["step", "end_reason", "truncated"]);
            if (endReason is not null)
            {
                writer.WriteString("end_reason", endReason);
                writer.WriteBoolean("truncated", truncated);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        return new StepAnswer(answer, number, endReason, Hash(canonical, state, reward, endReason is not null));
    }

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
