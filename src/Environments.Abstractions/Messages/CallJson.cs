using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SandQueue.Environments.Abstractions.Messages;

/// <summary>Reads JSON that an agent wrote, and says in a clause what is wrong with it, so that the agent can put it right.</summary>
/// <param name="notJson">How the clause begins where the text is no JSON.</param>
/// <param name="has">How it begins where the text has something that JSON does not.</param>
/// <param name="isNested">How it begins where the text is nested too deep.</param>
/// <param name="levels">How deep it may be nested.</param>
internal sealed class CallJson(string notJson, string has, string isNested, int levels)
{
    /// <summary>The arguments of a call.</summary>
    public static CallJson Arguments { get; } = new("the arguments are not JSON", "the arguments have", "the arguments are nested", MessageLimits.Depth);

    /// <summary>A <c>&lt;tool_call&gt;</c> block, in which the arguments lie in a call, and the call may lie in a list.</summary>
    public static CallJson Block { get; } = new("the block does not hold JSON", "the block has", "the block is nested", MessageLimits.Depth + 2);

    // Python writes and reads these.
    private static readonly string[] NoNumbers = ["NaN", "Infinity", "-Infinity"];

    /// <summary>Reads a text that is one JSON value and nothing else.</summary>
    public bool TryReadAll(string text, out JsonElement value, out string mistake)
    {
        // By way of bytes: the parser throws at half a surrogate pair in a text, while the encoder only replaces it.
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!TryRead(bytes, out value, out var length, out mistake)) return false;
        var rest = bytes.AsSpan(length).TrimStart(JsonBlanks);
        if (rest.IsEmpty) return true;
        mistake = EndsBefore(bytes, bytes.Length - rest.Length);
        return false;
    }

    /// <summary>Reads the JSON value at the start of a text.</summary>
    /// <param name="text">UTF-8; more may follow the value.</param>
    /// <param name="value">The value; undefined where there is a mistake.</param>
    /// <param name="length">How many bytes it takes, the blanks before it included.</param>
    /// <param name="mistake">What is wrong, in a clause; empty where nothing is.</param>
    public bool TryRead(ReadOnlySpan<byte> text, out JsonElement value, out int length, out string mistake)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = levels });
        (value, length, mistake) = (default, 0, "");
        try
        {
            value = JsonElement.ParseValue(ref reader);
            length = (int)reader.BytesConsumed;
            return true;
        }
        catch (JsonException)
        {
            mistake = Mistake(text);
            return false;
        }
    }

    /// <summary>The mistake where a sound value is followed by more.</summary>
    public string EndsBefore(ReadOnlySpan<byte> text, int offset) => $"{notJson}: it ends before {Place(text, offset)}, where more text follows";

    internal static ReadOnlySpan<byte> JsonBlanks => " \t\r\n"u8;

    // Reads the text again, however deep it is, up to the first thing that is wrong.
    private string Mistake(ReadOnlySpan<byte> text)
    {
        if (text.Trim(JsonBlanks).IsEmpty) return $"{notJson}: nothing is there";

        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject && reader.CurrentDepth >= levels)
                {
                    return $"{isNested} more than {MessageLimits.Depth} levels deep";
                }
            }

            return $"{notJson}: it breaks at {Place(text, text.Length)}";
        }
        catch (JsonException exception)
        {
            var at = Offset(text, exception);
            return NoNumberAt(text, at) is var (word, start)
                ? $"{has} {word} at {Place(text, start)}, and JSON has no such number"
                : $"{notJson}: it breaks at {Place(text, at)}";
        }
    }

    private static int Offset(ReadOnlySpan<byte> text, JsonException exception)
    {
        var line = 0;
        for (var lines = exception.LineNumber ?? 0; lines > 0; lines--) line += text[line..].IndexOf((byte)'\n') + 1;
        return Math.Min(text.Length, line + (int)(exception.BytePositionInLine ?? 0));
    }

    // The parser may point behind the minus sign.
    private static (string Word, int Start)? NoNumberAt(ReadOnlySpan<byte> text, int offset)
    {
        for (var at = Math.Max(offset - 1, 0); at <= offset; at++)
        {
            foreach (var word in NoNumbers)
            {
                if (text[at..].StartsWith(Encoding.UTF8.GetBytes(word))) return (word, at);
            }
        }

        return null;
    }

    private static string Place(ReadOnlySpan<byte> text, int offset)
    {
        var before = text[..offset];
        var line = before.Count((byte)'\n') + 1;
        var inLine = offset - (before.LastIndexOf((byte)'\n') + 1) + 1;
        return string.Create(CultureInfo.InvariantCulture, $"line {line}, byte {inLine}");
    }
}
