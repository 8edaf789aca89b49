using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.WebShop.Goals;
using SandQueue.Environments.WebShop.Products;
using SandQueue.Environments.WebShop.Rewards;
using SandQueue.Environments.WebShop.Search;
using SandQueue.Environments.WebShop.Shopping;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Loading;

/// <summary>Loads a catalogue: every file is read once, value by value, and what is kept is packed at once.</summary>
internal sealed class CatalogueLoader
{
    private readonly CatalogueFiles _files;
    private readonly DataFileReader _reader;
    private readonly ByteArena _annotations = new();
    private readonly Dictionary<string, ByteArena.Slot> _annotationOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<HumanInstruction>> _humanOf = new(StringComparer.Ordinal);
    private readonly List<HumanInstruction> _human = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly ProductStore _products = new();
    private readonly SearchIndexBuilder _index = new();
    private readonly List<(int Product, long Combinations)> _instructed = [];

    private CatalogueLoader(CatalogueFiles files, DataFileReader reader) => (_files, _reader) = (files, reader);

    public static Catalogue Load(CatalogueFiles files)
    {
        using var reader = new DataFileReader(files);
        return new CatalogueLoader(files, reader).Load();
    }

    private Catalogue Load()
    {
        _reader.ForEach(_files.Annotations, (piece, _) => _annotationOf[piece.Key] = _annotations.Add(piece.Utf8.Span));
        if (_files.HumanInstructions is { } written) _reader.ForEach(written, (piece, entries) => _humanOf[piece.Key] = ReadHuman(entries));
        _reader.ForEach(_files.Products, (_, item) => AddProduct(item));
        INounSource nouns = _files.Nouns is { } table ? ReadNouns(table) : new AlphabeticTokens();

        if (_products.Count == 0) throw Empty("products", _files.Products);
        var goals = new SyntheticGoals(_products, _instructed);
        if (goals.Count == 0) throw Empty("instructions for the products", _files.Annotations);

        var shop = new Shop(_products, _index.Build(new AsinOrder(_products)), new Scorer(nouns));
        var human = _human.Count > 0 ? new HumanGoals(_products, _human) : null;
        return new Catalogue(shop, goals, human, _reader.Hash, _files.Source, _reader.Problems.Lines);
    }

    private void AddProduct(JsonElement entry)
    {
        // A line of a decoded index has the product inside, beside the text that was indexed.
        var decoded = Member(entry, "product").ValueKind == JsonValueKind.Object;
        var item = decoded ? Member(entry, "product") : entry;
        if (ProductReader.ReadAsin(item) is not { } asin || _known.Contains(asin)) return;

        var product = ReadProduct(asin, item);
        _known.Add(asin);
        _index.Add(decoded && Member(entry, "contents") is { ValueKind: JsonValueKind.String } contents ? contents.Text() : Searchable(product));
        if (product.Instruction is not null) _instructed.Add((_products.Count, SyntheticGoals.Combinations(product)));
        foreach (var written in _humanOf.GetValueOrDefault(asin, []))
        {
            if (written.Attributes.Count > 0) _human.Add(written with { Product = _products.Count });
        }

        _products.Add(product);
    }

    private Product ReadProduct(string asin, JsonElement item)
    {
        if (!_annotationOf.TryGetValue(asin, out var slot)) return ProductReader.Read(asin, item, default);
        using var annotation = LenientJson.Parse(_annotations.Read(slot));
        return ProductReader.Read(asin, item, annotation.RootElement);
    }

    /// <summary>The text that is indexed, where the file does not say it.</summary>
    private static string Searchable(Product product)
    {
        var options = string.Join(", and ", product.Options.Select(option => $"{option.Name}: {string.Join(", ", option.Values)}"));
        return PythonText.Lower($"{product.Title} {product.Description} {(product.Features.Count > 0 ? product.Features[0] : "")} {options}");
    }

    private static List<HumanInstruction> ReadHuman(JsonElement entries)
    {
        if (entries.ValueKind != JsonValueKind.Array) throw new InvalidDataException("a product's instructions are a list");
        return [.. entries.EnumerateArray().Select(ReadHumanInstruction)];
    }

    private static HumanInstruction ReadHumanInstruction(JsonElement entry)
    {
        return Member(entry, "instruction") is { ValueKind: JsonValueKind.String } text
            ? new HumanInstruction(-1, text.Text(), Texts(entry, "instruction_attributes"), Texts(entry, "instruction_options"))
            : throw new InvalidDataException("an instruction is an object with the text \"instruction\"");
    }

    private static string[] Texts(JsonElement entry, string name) =>
        Member(entry, name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.Text())]
            : [];

    private static JsonElement Member(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out var member) ? member : default;

    private NounTable ReadNouns(string file)
    {
        var table = new NounTable();
        _reader.ForEach(file, (_, line) => table.Add(line));
        return table;
    }

    private InvalidDataException Empty(string what, string file) =>
        new($"WebShop data: {file} gave no {what}{(_reader.Problems.Lines is [var first, ..] ? $"; {first}" : "")}");
}
