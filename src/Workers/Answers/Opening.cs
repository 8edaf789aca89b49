using System.Security.Cryptography;
using System.Text.Json;
using SandQueue.Hosting.Settings;
using SandQueue.Workers.Abstractions;

namespace SandQueue.Workers.Answers;

/// <summary>
/// What a Create answers, in the one shape that every environment has:
/// <c>{"state":[system, user],"info":{"instance_id","task_id",…,"provenance"}}</c>.
/// </summary>
/// <param name="Answer">The answer.</param>
/// <param name="Provenance">Its provenance: a JSON object that evaluations repeat.</param>
/// <param name="ObservationHash">Of the two messages, which a replay must repeat.</param>
internal sealed record Opening(byte[] Answer, byte[] Provenance, byte[] ObservationHash)
{
    /// <param name="data">The environment's answer.</param>
    /// <param name="instanceId">The caller's name for the instance; the environment knows it under another.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="imageDigest">What serves it, for the provenance.</param>
    /// <param name="canonical">Under which form the environment's observations are compared.</param>
    /// <exception cref="EnvironmentFailedException">The environment's answer has another shape.</exception>
    public static Opening Compose(ReadOnlyMemory<byte> data, string instanceId, string taskId, string imageDigest, CanonicalForm canonical) =>
        AnswerJson.Read(data, given => Compose(given, data.Length, instanceId, taskId, imageDigest, canonical));

    private static Opening Compose(JsonElement data, int length, string instanceId, string taskId, string imageDigest, CanonicalForm canonical)
    {
        var state = AnswerJson.Messages(data, 2, "create");
        var info = AnswerJson.Required(data, "info", JsonValueKind.Object);
        var provenance = Provenanced(info, imageDigest);
        var answer = AnswerJson.Write(length + 256, writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("state");
            AnswerJson.WriteRaw(writer, state);
            writer.WriteStartObject("info");
            writer.WriteString("instance_id", instanceId);
            writer.WriteString("task_id", taskId);
            AnswerJson.WriteMembers(writer, info, except: ["instance_id", "task_id", "provenance"]);
            writer.WritePropertyName("provenance");
            writer.WriteRawValue(provenance, skipInputValidation: true);
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
        return new Opening(answer, provenance, Hash(canonical, state));
    }

    private static byte[] Hash(CanonicalForm canonical, JsonElement state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        canonical.Append(hash, state);
        return hash.GetHashAndReset();
    }

    private static byte[] Provenanced(JsonElement info, string imageDigest) => AnswerJson.Write(256, writer =>
    {
        writer.WriteStartObject();
        if (info.TryGetProperty("provenance", out var given) && given.ValueKind == JsonValueKind.Object) AnswerJson.WriteMembers(writer, given, except: ["image_digest"]);
        writer.WriteString("image_digest", imageDigest);
        writer.WriteEndObject();
    });
}
