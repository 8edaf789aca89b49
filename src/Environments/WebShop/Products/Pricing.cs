using System.Globalization;
using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.WebShop.Text;

namespace SandQueue.Environments.WebShop.Products;

/// <summary>Reads the price of a product: <c>$12.99</c>, <c>$1,299.00 to $1,500</c>, or numbers as the decoded index has them.</summary>
internal static class Pricing
{
    /// <exception cref="InvalidDataException">There is a price that can't be read.</exception>
    public static (double[] Ends, string Tag) Read(JsonElement pricing) => pricing.ValueKind switch
    {
        JsonValueKind.String when pricing.Text().Length > 0 => Read(pricing.Text()),
        JsonValueKind.Array when pricing.GetArrayLength() > 0 => WithTag([.. pricing.EnumerateArray().Take(2).Select(Number)]),
        JsonValueKind.Array or JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined => WithTag([PriceRange.Default]),
        _ => throw new InvalidDataException($"pricing is {pricing.Shown()}, not a text like \"$12.99\" or a list of numbers"),
    };

    private static (double[] Ends, string Tag) Read(string text)
    {
        var parts = text.Split('$').Skip(1).ToArray();
        if (parts.Length == 0) throw new InvalidDataException($"pricing \"{text}\" has no $");
        return WithTag([.. parts.Take(2).Select(part => Number(part, text))]);
    }

    private static double Number(JsonElement price) =>
        price.ValueKind == JsonValueKind.Number ? price.GetDouble() : throw new InvalidDataException($"pricing holds {price.Shown()}, not a number");

    private static double Number(string part, string text)
    {
        var digits = string.Concat(part.Where(c => char.IsAsciiDigit(c) || c == '.'));
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"pricing \"{text}\" can't be read as a price");
    }

    private static (double[] Ends, string Tag) WithTag(double[] ends) =>
        (ends, string.Join(" to ", ends.Select(end => $"${PythonValues.Repr(end)}")));
}
