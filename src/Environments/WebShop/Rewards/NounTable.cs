using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Rewards;

/// <summary>
/// Nouns from a table that was made once with a language model: one JSON object a line, <c>{"name": …, "nouns": […]}</c>.
/// A name that is not in it falls back to every alphabetic token.
/// </summary>
internal sealed class NounTable : INounSource
{
    private readonly Dictionary<UInt128, ByteArena.Slot> _slots = [];
    private readonly ByteArena _arena = new();
    private readonly AlphabeticTokens _otherwise = new();

    public string Label => "noun table";

    public int Count => _slots.Count;

    /// <exception cref="InvalidDataException">The line is not of the table's form.</exception>
    public void Add(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object
            || !line.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String
            || !line.TryGetProperty("nouns", out var nouns) || nouns.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException("a line of the noun table is {\"name\": \"…\", \"nouns\": [\"…\"]}");
        }

        var words = nouns.EnumerateArray().Where(noun => noun.ValueKind == JsonValueKind.String).Select(noun => PythonText.Lower(noun.Text()));
        _slots[Key(name.Text())] = _arena.Add(Encoding.UTF8.GetBytes(string.Join('\n', words)));
    }

    public IReadOnlyList<string> Nouns(string name)
    {
        if (!_slots.TryGetValue(Key(name), out var slot)) return _otherwise.Nouns(name);
        return slot.Length == 0 ? [] : Encoding.UTF8.GetString(_arena.Read(slot).Span).Split('\n');
    }

    // A million names by their hash: the names themselves are in the catalogue already.
    private static UInt128 Key(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(name), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
