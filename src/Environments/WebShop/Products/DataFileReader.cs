using System.Security.Cryptography;
using System.Text.Json;

namespace SandQueue.Environments.WebShop.Products;

/// <summary>Reads data files value by value, hashes them, and notes what is broken instead of stopping at it.</summary>
internal sealed class DataFileReader(CatalogueFiles files) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public Problems Problems { get; } = new();

    /// <summary>The hash over all files read so far.</summary>
    public string Hash => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void ForEach(string file, Action<JsonPiece, JsonElement> take)
    {
        using var stream = new HashingStream(files.Open(file), _hash);
        try
        {
            var lines = file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
            foreach (var piece in lines ? JsonPieces.OfLines(stream) : JsonPieces.OfContainer(stream)) Take(file, piece, take);
        }
        catch (InvalidDataException mistake)
        {
            Problems.Add($"{file} {mistake.Message}");
        }

        ReadRest(stream);
    }

    public void Dispose() => _hash.Dispose();

    private void Take(string file, JsonPiece piece, Action<JsonPiece, JsonElement> take)
    {
        try
        {
            using var document = LenientJson.Parse(piece.Utf8);
            take(piece, document.RootElement);
        }
        catch (JsonException)
        {
            Problems.Add(file, piece.Line, $"{(piece.Key.Length > 0 ? $"the entry {piece.Key}" : "this")} is not valid JSON");
        }
        catch (InvalidDataException mistake)
        {
            Problems.Add(file, piece.Line, mistake.Message);
        }
    }

    // The hash is of the whole file, its last line break included.
    private static void ReadRest(HashingStream stream)
    {
        Span<byte> rest = stackalloc byte[4096];
        while (stream.Read(rest) > 0)
        {
        }
    }
}
