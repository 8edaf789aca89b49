using System.Globalization;
using System.Text.Json;

namespace SandQueue.Bench.WebShop;

/// <summary>
/// Writes a catalogue in the form of WebShop's public files. A product has as much text as one of the small public
/// catalogue has on average, and as many bytes as one of the full catalogue: 5.5 GB in 1.18 million.
/// </summary>
internal sealed class GeneratedCatalogue(int products)
{
    /// <summary>How every product number begins; no invented word has a q.</summary>
    public const string AsinStart = "SQ";

    private const int Queries = 300;
    private const double WithOption = 0.6;
    private const double WithInstruction = 0.415;
    private static readonly string[] Categories = ["beauty", "electronics", "fashion", "garden", "grocery"];

    private readonly Random _random = new(233);

    /// <returns>The bytes of both files.</returns>
    public long Write(string folder, CancellationToken cancellationToken)
    {
        using var items = File.Create(Path.Combine(folder, "items_shuffle.json"));
        using var annotations = File.Create(Path.Combine(folder, "items_ins_v2.json"));
        using var itemWriter = new Utf8JsonWriter(items);
        using var annotationWriter = new Utf8JsonWriter(annotations);
        itemWriter.WriteStartArray();
        annotationWriter.WriteStartObject();
        var words = new InventedWords(_random);
        for (var product = 0; product < products; product++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var asin = string.Create(CultureInfo.InvariantCulture, $"{AsinStart}{product:D8}");
            var kind = _random.Next(Queries);
            var query = $"{InventedWords.Spell(kind)} {InventedWords.Spell(Queries + kind)}";
            string[] attributes = [words.Phrase(2, 2), words.Phrase(2, 2)];
            WriteItem(itemWriter, words, asin, kind, query, attributes);
            WriteAnnotation(annotationWriter, asin, query, attributes);
            itemWriter.Flush();
            annotationWriter.Flush();
        }

        itemWriter.WriteEndArray();
        annotationWriter.WriteEndObject();
        itemWriter.Flush();
        annotationWriter.Flush();
        return items.Length + annotations.Length;
    }

    private void WriteItem(Utf8JsonWriter writer, InventedWords words, string asin, int kind, string query, string[] attributes)
    {
        var category = Categories[kind % Categories.Length];
        writer.WriteStartObject();
        writer.WriteString("asin", asin);
        writer.WriteString("name", $"{words.Next()} {attributes[0]} {query} {words.Phrase(10, 16)}");
        WriteUnread(writer, words);
        writer.WriteString("full_description", words.Phrase(48, 148));
        writer.WriteString("pricing", Price());
        WriteTexts(writer, "images", Enumerable.Range(0, 5).Select(image => Image(asin, image)));
        writer.WriteString("product_category", $"{category} › {InventedWords.Spell(kind % 20)} › {query}");
        writer.WriteString("average_rating", "");
        WriteTexts(writer, "small_description", Enumerable.Range(0, 5).Select(feature => feature == 0 ? $"{attributes[1]} {words.Phrase(8, 30)}" : words.Phrase(19, 43)));
        WriteOptions(writer, words, asin);
        writer.WriteString("category", category);
        writer.WriteString("query", query);
        writer.WriteNumber("page", _random.Next(400));
        writer.WriteEndObject();
    }

    /// <summary>What the public files hold besides, and the environment passes over.</summary>
    private static void WriteUnread(Utf8JsonWriter writer, InventedWords words)
    {
        writer.WriteStartObject("product_information");
        for (var row = 0; row < 36; row++) writer.WriteString($"{words.Phrase(2, 2)} {row}", words.Phrase(4, 10));
        writer.WriteEndObject();
        writer.WriteString("brand", words.Next());
        writer.WriteString("seller_name", words.Phrase(2, 2));
    }

    private void WriteOptions(Utf8JsonWriter writer, InventedWords words, string asin)
    {
        writer.WriteStartObject("customization_options");
        if (_random.NextDouble() < WithOption)
        {
            writer.WriteStartArray(_random.Next(3) == 0 ? "Size" : "Color");
            for (var value = _random.Next(2, 10); value > 0; value--)
            {
                writer.WriteStartObject();
                writer.WriteBoolean("is_selected", false);
                writer.WriteBoolean("is_available", true);
                writer.WriteString("value", $"{words.Phrase(1, 2)} {value}");
                writer.WriteString("asin", asin);
                writer.WriteString("url", $"https://shop.example/dp/{asin}?value={value}");
                writer.WriteString("image", Image(asin, value));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private void WriteAnnotation(Utf8JsonWriter writer, string asin, string query, string[] attributes)
    {
        writer.WriteStartObject(asin);
        WriteTexts(writer, "attributes", attributes);
        if (_random.NextDouble() < WithInstruction)
        {
            writer.WriteString("instruction", $"Find me {attributes[0]} {query} with {attributes[1]}");
            WriteTexts(writer, "instruction_attributes", attributes);
        }

        writer.WriteEndObject();
    }

    private string Price()
    {
        var price = _random.Next(300, 20_000) / 100m;
        return _random.Next(6) == 0
            ? string.Create(CultureInfo.InvariantCulture, $"${price:F2} to ${price * 2:F2}")
            : string.Create(CultureInfo.InvariantCulture, $"${price:F2}");
    }

    private static string Image(string asin, int image) => $"https://images.shop.example/large/{asin}/{image}.jpg";

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts) writer.WriteStringValue(text);
        writer.WriteEndArray();
    }
}
