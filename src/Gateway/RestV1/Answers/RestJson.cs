using System.Text.Encodings.Web;
using System.Text.Json;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.RestV1.Answers;

/// <summary>The JSON of answers: names as <c>next_cursor</c>, text as it is.</summary>
internal static class RestJson
{
    public static readonly JsonWriterOptions Writer = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync<T>(HttpContext context, T answer, int status = StatusCodes.Status200OK) =>
        JsonAnswer.BytesAsync(context, status, Bytes(answer));

    public static byte[] Bytes<T>(T answer) => JsonSerializer.SerializeToUtf8Bytes(answer, Options);

    /// <summary>A value for programs, as <c>train</c> or <c>unknown_instance</c>.</summary>
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Unix milliseconds as a time.</summary>
    public static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    /// <summary>Writes JSON bytes as they are; null where there are none.</summary>
    public static void WriteRaw(Utf8JsonWriter writer, string name, byte[] json)
    {
        writer.WritePropertyName(name);
        if (json.Length == 0) writer.WriteNullValue();
        else writer.WriteRawValue(json, skipInputValidation: true);
    }
}
