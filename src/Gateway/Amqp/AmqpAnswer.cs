using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Amqp.Events;
using SandQueue.Gateway.Http;
using SandQueue.Routing.Outcomes;

namespace SandQueue.Gateway.Amqp;

/// <summary>
/// How a command ended, as the JSON object that is its reply and its event: <c>command_id</c>, <c>command</c>, <c>instance_id</c>, <c>end</c>, and
/// <c>answer</c> where it completed, else <c>reason</c> and <c>detail</c>. What failed has a null reward, and never 0.
/// </summary>
internal static class AmqpAnswer
{
    private static readonly JsonSerializerOptions EventOptions = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Of(Command command, CommandOutcome outcome) => Write(writer =>
    {
        writer.WriteString("command_id", command.CommandId);
        writer.WriteString("command", Name(command));
        if (command is InstanceCommand { InstanceId: var instance }) writer.WriteString("instance_id", instance);
        writer.WriteString("end", OutcomeNames.End(outcome));
        switch (outcome)
        {
            case CommandOutcome.Completed { Answer: { Length: > 0 } answer }:
                writer.WritePropertyName("answer");
                writer.WriteRawValue(answer, skipInputValidation: true);
                break;
            case CommandOutcome.Completed:
                writer.WriteNull("answer");
                break;
            case CommandOutcome.Refusal refusal:
                WriteWhy(writer, OutcomeNames.Reason(refusal.Reason), refusal.Detail);
                if (refusal is CommandOutcome.Rejected) break;
                WriteNoReward(writer);
                writer.WriteString("cause", OutcomeNames.Cause(refusal));
                break;
            default:
                WriteWhy(writer, "unknown", "whether the command took effect is unknown now; send it again under the same message_id");
                WriteNoReward(writer);
                break;
        }
    });

    /// <summary>The event of an instance's end.</summary>
    public static byte[] Of(InstanceEvent ended) => JsonSerializer.SerializeToUtf8Bytes(ended, EventOptions);

    /// <summary>The reply to a message that is no command.</summary>
    public static byte[] Malformed(string? messageId, string detail) => Refused(messageId, CommandReason.InvalidRequest, detail);

    /// <summary>The reply to a command that was not sent anywhere.</summary>
    public static byte[] Refused(string? messageId, CommandReason reason, string detail) => Write(writer =>
    {
        if (messageId is not null) writer.WriteString("command_id", messageId);
        writer.WriteString("end", "rejected");
        WriteWhy(writer, OutcomeNames.Reason(reason), detail);
    });

    public static string Name(Command command) => command switch
    {
        ListTasks => "profile",
        CreateInstance => "create",
        StepInstance => "step",
        EvaluateInstance => "evaluate",
        DescribeInstance => "get_info",
        BatchCommand => "batch",
        _ => "release",
    };

    private static void WriteWhy(Utf8JsonWriter writer, string reason, string detail)
    {
        writer.WriteString("reason", reason);
        writer.WriteString("detail", OneLine.Of(detail));
    }

    private static void WriteNoReward(Utf8JsonWriter writer)
    {
        writer.WriteNull("reward");
        writer.WriteBoolean("valid", false);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
