using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using SandQueue.Gateway.Http;

namespace SandQueue.Gateway.AgentScope.Calls;

/// <summary>
/// The <c>params</c> of a call. Three members are for the surface itself, because some clients have no other place for them; the
/// others are for the environment.
/// </summary>
internal sealed class SurfaceParameters
{
    public const string CommandIdName = "_command_id";

    private const string StepName = "_step";
    private const string TimeoutName = "_timeout_ms";

    private readonly JsonElement _parameters;

    /// <exception cref="BadRequestException">They are larger than <paramref name="limit"/>.</exception>
    public SurfaceParameters(JsonElement parameters, int limit)
    {
        _parameters = parameters;
        if (parameters.ValueKind == JsonValueKind.Undefined) return;
        var length = JsonMarshal.GetRawUtf8Value(parameters).Length;
        if (length > limit) throw new BadRequestException($"params has {length} bytes; at most {limit} are taken (Gateway:MaxParamsBytes)");
    }

    public JsonFields Fields => new(_parameters);

    /// <summary>The caller's own id of the command; null where it gives none.</summary>
    public string? CommandId => Fields.Optional(CommandIdName);

    /// <summary>The number the caller says this step has; null where it says none.</summary>
    public int? ExpectedStep => Fields.Integer(StepName);

    /// <summary>The milliseconds the command may take: what the caller gives, and never more than <paramref name="limit"/>.</summary>
    public int RemainingMs(TimeSpan limit) => Fields.Integer(TimeoutName) switch
    {
        null => (int)limit.TotalMilliseconds,
        > 0 and var given => Math.Min(given, (int)limit.TotalMilliseconds),
        _ => throw new BadRequestException($"params.{TimeoutName} must be an integer above 0"),
    };

    /// <summary>
    /// The exact bytes that came where nothing in them is for the surface; else an object of the other members, each as it came.
    /// </summary>
    /// <exception cref="BadRequestException">A name begins as the surface's own do, and is none of them: a typo there would drop a protection in silence.</exception>
    public byte[] ForEnvironment()
    {
        try
        {
            return _parameters.ValueKind == JsonValueKind.Object ? WithoutSurfaceMembers() : [];
        }
        catch (InvalidOperationException)
        {
            // The parser takes names with lone surrogates, and throws at them when it is asked for any name.
            throw new BadRequestException("a member's name in params is not valid text");
        }
    }

    private byte[] WithoutSurfaceMembers()
    {
        foreach (var member in _parameters.EnumerateObject())
        {
            if (JsonMarshal.GetRawUtf8PropertyName(member) is [(byte)'_', ..] && !IsForSurface(member) && member.Value.ValueKind != JsonValueKind.Null)
            {
                throw new BadRequestException($"unknown params.{member.Name}; names that begin with an underscore are {CommandIdName}, {StepName} and {TimeoutName}");
            }
        }

        if (!Has(CommandIdName) && !Has(StepName) && !Has(TimeoutName)) return JsonFields.Bytes(_parameters);

        var others = _parameters.EnumerateObject().Where(member => !IsForSurface(member)).ToList();
        if (others.Count == 0) return [];

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            foreach (var member in others)
            {
                writer.WritePropertyName(member.Name);
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(member.Value), skipInputValidation: true);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private bool Has(string name) => _parameters.TryGetProperty(name, out _);

    private static bool IsForSurface(JsonProperty member) =>
        member.NameEquals(CommandIdName) || member.NameEquals(StepName) || member.NameEquals(TimeoutName);
}
