using System.Runtime.InteropServices;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Catalogue;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.OpenEnv.Answers;
using SandQueue.Gateway.OpenEnv.Episodes;
using SandQueue.Gateway.Tools;

namespace SandQueue.Gateway.OpenEnv.Mcp;

/// <summary>Writes answers of JSON-RPC 2.0.</summary>
internal static class RpcAnswer
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;
    public const int ServerError = -32000;

    public static byte[] Result(JsonElement id, Action<Utf8JsonWriter> members) => Of(id, "result", members);

    public static byte[] Error(JsonElement id, int code, string message) => Error(id, code, message, _ => { });

    /// <summary>Why there is no result: a failure has no reward, and says so.</summary>
    public static byte[] Error(JsonElement id, OpenEnvException exception) => Error(
        id,
        exception.Code is OpenEnvCode.Validation ? InvalidParams : ServerError,
        exception.Message,
        writer =>
        {
            var (reason, cause) = exception.Members;
            writer.WriteStartObject("data");
            writer.WriteString("code", exception.Code);
            if (reason is not null) writer.WriteString("reason", reason);
            if (cause is not null)
            {
                writer.WriteNull("reward");
                writer.WriteBoolean("valid", false);
                writer.WriteString("cause", cause);
            }

            writer.WriteEndObject();
        });

    public static byte[] Tools(JsonElement id, OfferedTools tools) => Result(id, writer => tools.Write(writer, "inputSchema"));

    /// <summary>What a call gave. <c>data</c> is what OpenEnv's client takes for it; the reward is in <c>structuredContent</c>.</summary>
    public static byte[] Call(JsonElement id, AnswerText answer, byte[] json, JsonElement? evaluation) => Result(id, writer =>
    {
        var text = answer.CallResult;
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("data", text);
        writer.WriteBoolean("isError", false);
        writer.WriteStartObject("structuredContent");
        OpenEnvFrame.WriteObservation(writer, answer.Reward, answer.IsTerminated, observation => EpisodeJson.WriteStep(observation, answer, json, tool: null));
        if (answer.IsTerminated) EpisodeScore.Write(writer, evaluation);
        writer.WriteEndObject();
    });

    private static byte[] Error(JsonElement id, int code, string message, Action<Utf8JsonWriter> more) => Of(id, "error", writer =>
    {
        writer.WriteNumber("code", code);
        writer.WriteString("message", OneLine.Of(message));
        more(writer);
    });

    private static byte[] Of(JsonElement id, string member, Action<Utf8JsonWriter> members) => JsonAnswer.Bytes(writer =>
    {
        writer.WriteString("jsonrpc", "2.0");
        writer.WritePropertyName("id");
        if (id.ValueKind == JsonValueKind.Undefined) writer.WriteNullValue();
        else writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(id), skipInputValidation: true);
        writer.WriteStartObject(member);
        members(writer);
        writer.WriteEndObject();
    });
}
