using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.OpenEnv.Answers;

/// <summary>Writes the frames that answer requests: <c>{"type","data"}</c>.</summary>
internal static class OpenEnvFrame
{
    /// <summary>What the environment says.</summary>
    /// <param name="reward">The step's reward; null where there is none.</param>
    /// <param name="isDone">Whether the episode is over.</param>
    /// <param name="observation">Writes the members of the observation.</param>
    public static byte[] Observation(double? reward, bool isDone, Action<Utf8JsonWriter> observation) =>
        Of("observation", writer => WriteObservation(writer, reward, isDone, observation));

    /// <summary>Where the episode stands.</summary>
    public static byte[] State(Action<Utf8JsonWriter> state) => Of("state", state);

    /// <summary>The answer to a request of MCP's.</summary>
    public static byte[] Mcp(byte[] answer) => JsonAnswer.Bytes(writer =>
    {
        writer.WriteString("type", "mcp");
        writer.WritePropertyName("data");
        writer.WriteRawValue(answer, skipInputValidation: true);
    });

    /// <summary>Why there is no answer, on one line.</summary>
    public static byte[] Error(OpenEnvException exception) => Of("error", writer =>
    {
        writer.WriteString("message", OneLine.Of(exception.Message));
        writer.WriteString("code", exception.Code);
        var (reason, cause) = exception.Members;
        if (reason is not null) writer.WriteString("reason", reason);
        if (cause is null) return;
        writer.WriteNull("reward");
        writer.WriteBoolean("valid", false);
        writer.WriteString("cause", cause);
    });

    /// <summary>The members of an observation's answer, in whatever stands around them.</summary>
    public static void WriteObservation(Utf8JsonWriter writer, double? reward, bool isDone, Action<Utf8JsonWriter> observation)
    {
        writer.WriteStartObject("observation");
        observation(writer);
        writer.WriteEndObject();
        if (reward is { } number) writer.WriteNumber("reward", number);
        else writer.WriteNull("reward");
        writer.WriteBoolean("done", isDone);
    }

    private static byte[] Of(string type, Action<Utf8JsonWriter> data) => JsonAnswer.Bytes(writer =>
    {
        writer.WriteString("type", type);
        writer.WriteStartObject("data");
        data(writer);
        writer.WriteEndObject();
    });
}
