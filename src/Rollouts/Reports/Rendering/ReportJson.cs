using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SandQueue.Rollouts.Statistics;

namespace SandQueue.Rollouts.Reports.Rendering;

/// <summary>Reports as JSON: names in snake_case, an interval as <c>[low, high]</c>, times in ISO 8601.</summary>
public static class ReportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new IntervalConverter() },
    };

    /// <summary>A report as UTF-8.</summary>
    public static byte[] Of(BatchReport report) => JsonSerializer.SerializeToUtf8Bytes(report, Options);

    /// <summary>A comparison as UTF-8.</summary>
    public static byte[] Of(BatchComparison comparison) => JsonSerializer.SerializeToUtf8Bytes(comparison, Options);

    private sealed class IntervalConverter : JsonConverter<Interval>
    {
        public override Interval Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<double[]>(ref reader, options) is [var low, var high] ? new Interval(low, high) : throw new JsonException("an interval is [low, high]");

        public override void Write(Utf8JsonWriter writer, Interval value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(value.Low);
            writer.WriteNumberValue(value.High);
            writer.WriteEndArray();
        }
    }
}
