using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using SandQueue.Contracts;
using SandQueue.Storage.Model;

namespace SandQueue.Storage.Openings;

/// <summary>
/// Takes the answer of a Create apart: into what is its instance's, and the long messages of its prompt and the tools, which are the same for every
/// instance of a task, often of an environment, and most of the bytes. Put together again it is the same, byte for byte.
/// </summary>
/// <param name="Rest">The answer without what was cut out.</param>
/// <param name="Ranges">Where that was: pairs of position in the whole answer and length, each four bytes, the lowest first.</param>
/// <param name="Opening">What was cut out.</param>
internal sealed record OpeningCut(byte[] Rest, byte[] Ranges, StoredOpening Opening)
{
    /// <summary>A shorter value is not worth a reference, which is 40 bytes and an entry in an index.</summary>
    private const int Shortest = 256;

    private const int BytesPerRange = 2 * sizeof(int);

    /// <returns>Null where the entry is stored whole: it is no answer of a Create, or has no long prompt.</returns>
    public static OpeningCut? Of(JournalEntry entry)
    {
        if (entry is not { Kind: JournalKind.Create, End: CommandEnd.Completed, Answer.Length: > Shortest }) return null;
        var cuts = Find(entry.Answer);
        if (cuts.Count == 0) return null;

        var cutBytes = cuts.Sum(cut => cut.Length);
        var (rest, content, ranges) = (new byte[entry.Answer.Length - cutBytes], new byte[cutBytes], new byte[cuts.Count * BytesPerRange]);
        var (from, kept, taken) = (0, 0, 0);
        for (var i = 0; i < cuts.Count; i++)
        {
            var (start, length) = cuts[i];
            entry.Answer.AsSpan(from, start - from).CopyTo(rest.AsSpan(kept));
            entry.Answer.AsSpan(start, length).CopyTo(content.AsSpan(taken));
            BinaryPrimitives.WriteInt32LittleEndian(ranges.AsSpan(i * BytesPerRange), start);
            BinaryPrimitives.WriteInt32LittleEndian(ranges.AsSpan(i * BytesPerRange + sizeof(int)), length);
            (kept, taken, from) = (kept + start - from, taken + length, start + length);
        }

        entry.Answer.AsSpan(from).CopyTo(rest.AsSpan(kept));
        return new OpeningCut(rest, ranges, new StoredOpening { Hash = SHA256.HashData(content), Content = content });
    }

    /// <summary>Puts an answer together again.</summary>
    /// <param name="rest">Its <see cref="Rest"/>.</param>
    /// <param name="ranges">Its <see cref="Ranges"/>.</param>
    /// <param name="content">The content of its opening.</param>
    public static byte[] Join(ReadOnlySpan<byte> rest, ReadOnlySpan<byte> ranges, ReadOnlySpan<byte> content)
    {
        var whole = new byte[rest.Length + content.Length];
        var at = 0;
        for (; !ranges.IsEmpty; ranges = ranges[BytesPerRange..])
        {
            var (start, length) = (BinaryPrimitives.ReadInt32LittleEndian(ranges), BinaryPrimitives.ReadInt32LittleEndian(ranges[sizeof(int)..]));
            rest[..(start - at)].CopyTo(whole.AsSpan(at));
            content[..length].CopyTo(whole.AsSpan(start));
            rest = rest[(start - at)..];
            content = content[length..];
            at = start + length;
        }

        rest.CopyTo(whole.AsSpan(at));
        return whole;
    }

    /// <summary>
    /// Start and length of the messages of <c>state</c> and of <c>info.tools</c>, where they are long. Message by message: a short one, which is
    /// often the task's alone, must not keep the long one before it from being shared by all tasks.
    /// </summary>
    private static List<(int Start, int Length)> Find(byte[] answer)
    {
        var found = new List<(int, int)>(3);
        var reader = new Utf8JsonReader(answer);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) return found;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("state"u8)) AddMessages(ref reader, found);
                else if (reader.ValueTextEquals("info"u8)) AddTools(ref reader, found);
                else Pass(ref reader);
            }
        }
        catch (JsonException)
        {
            // An answer that is not JSON is stored as it is.
            found.Clear();
        }

        return found;
    }

    private static void AddMessages(ref Utf8JsonReader reader, List<(int Start, int Length)> found)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray) reader.Skip();
        else while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) AddIfLong(ref reader, found);
    }

    private static void AddTools(ref Utf8JsonReader reader, List<(int Start, int Length)> found)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("tools"u8))
            {
                Pass(ref reader);
                continue;
            }

            reader.Read();
            AddIfLong(ref reader, found);
        }
    }

    private static void AddIfLong(ref Utf8JsonReader reader, List<(int Start, int Length)> found)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        var length = (int)reader.BytesConsumed - start;
        if (length >= Shortest) found.Add((start, length));
    }

    /// <summary>From the name of a member behind its value.</summary>
    private static void Pass(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
