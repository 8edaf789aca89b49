using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Products;

/// <summary>
/// Reads a product as the public files have it, and as it stands decoded in a search index, where some members were
/// renamed: the renamed ones go first.
/// </summary>
internal static class ProductReader
{
    private static readonly string[] NoAttributes = ["DUMMY_ATTR"];

    /// <summary>The product's number, or null where the original passes the entry over.</summary>
    public static string? ReadAsin(JsonElement item)
    {
        if (item.ValueKind != JsonValueKind.Object) throw new InvalidDataException($"a product is an object, this is {item.Shown()}");
        var asin = RequiredText(item, "asin");
        return asin == "nan" || asin.Length > 10 ? null : asin;
    }

    /// <param name="asin">As <see cref="ReadAsin"/> gave it.</param>
    /// <param name="item">The product's object.</param>
    /// <param name="annotation">The product's entry in the attribute file, or undefined.</param>
    public static Product Read(string asin, JsonElement item, JsonElement annotation)
    {
        var (ends, tag) = Pricing.Read(item.TryGetProperty("pricing", out var pricing) ? pricing : default);
        var instruction = Member(annotation, "instruction") is { ValueKind: JsonValueKind.String } text ? text.Text() : null;
        var instructionAttributes = Texts(Member(annotation, "instruction_attributes"));
        if (instruction is not null && instructionAttributes.Length == 0)
        {
            throw new InvalidDataException($"product {asin} has an instruction but no instruction_attributes");
        }

        return new Product
        {
            Asin = asin,
            Title = OptionalText(item, "Title") ?? RequiredText(item, "name"),
            PriceTag = tag,
            Pricing = ends,
            Description = OptionalText(item, "Description") ?? OptionalText(item, "full_description") ?? "",
            Features = Features(item),
            Options = Options(item),
            Attributes = Attributes(annotation, item),
            Instruction = instruction,
            InstructionAttributes = instructionAttributes,
            Category = RequiredText(item, "category"),
            Query = PythonText.Strip(PythonText.Lower(RequiredText(item, "query"))),
            ProductCategory = RequiredText(item, "product_category"),
        };
    }

    private static string[] Attributes(JsonElement annotation, JsonElement item)
    {
        if (Member(annotation, "attributes") is { ValueKind: JsonValueKind.Array } annotated) return Texts(annotated);
        return Member(item, "Attributes") is { ValueKind: JsonValueKind.Array } decoded ? Texts(decoded) : NoAttributes;
    }

    private static string[] Features(JsonElement item)
    {
        if (Member(item, "BulletPoints") is { ValueKind: JsonValueKind.Array } decoded) return Texts(decoded);
        var scraped = Member(item, "small_description");
        return scraped.ValueKind == JsonValueKind.Array ? Texts(scraped) : [scraped.ValueKind == JsonValueKind.String ? scraped.Text() : ""];
    }

    private static List<ProductOption> Options(JsonElement item)
    {
        var options = new List<ProductOption>();
        if (Member(item, "options") is { ValueKind: JsonValueKind.Object } decoded)
        {
            foreach (var option in decoded.EnumerateObject()) Put(options, option.Name, Texts(option.Value));
        }
        else if (Member(item, "customization_options") is { ValueKind: JsonValueKind.Object } scraped)
        {
            foreach (var option in scraped.EnumerateObject())
            {
                if (option.Value.ValueKind == JsonValueKind.Null) continue;
                if (option.Value.ValueKind != JsonValueKind.Array)
                {
                    throw new InvalidDataException($"customization_options.{option.Name} is {option.Value.Shown()}, not a list");
                }

                Put(options, PythonText.Lower(option.Name), [.. option.Value.EnumerateArray().Select(OptionValue)]);
            }
        }

        return options;
    }

    // A slash would be read as part of an address.
    private static string OptionValue(JsonElement content) =>
        PythonText.Lower(PythonText.Strip(RequiredText(content, "value")).Replace("/", " | ", StringComparison.Ordinal));

    // Two names that differ in case are one option: the later values stand in the earlier place.
    private static void Put(List<ProductOption> options, string name, string[] values)
    {
        var known = options.FindIndex(option => option.Name == name);
        if (known < 0) options.Add(new ProductOption(name, values));
        else options[known] = new ProductOption(name, values);
    }

    private static string RequiredText(JsonElement item, string name) =>
        OptionalText(item, name) ?? throw new InvalidDataException($"a product needs the text \"{name}\"");

    private static string? OptionalText(JsonElement item, string name) =>
        Member(item, name) is { ValueKind: JsonValueKind.String } text ? text.Text() : null;

    private static string[] Texts(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.Text())]
            : [];

    private static JsonElement Member(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var member) ? member : default;
}
