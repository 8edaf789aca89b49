using System.Text.RegularExpressions;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking.Literals;

/// <summary>Reads Java source text as a Python value. Text that is not of the type stays text, which then compares unequal.</summary>
internal static partial class JavaLiteral
{
    /// <param name="nested">Type of the elements of an <c>Array</c> or <c>ArrayList</c>.</param>
    /// <exception cref="PyError">The benchmark's checker does not know the type.</exception>
    public static PyValue Value(string text, string type, string? nested) => type switch
    {
        "byte" or "short" or "integer" => Whole().IsMatch(text) ? PyNumberText.ToInteger(text) : text,
        "long" => Long().IsMatch(text) ? PyNumberText.ToInteger(Suffix().Replace(text, "")) : text,
        "float" => Float().IsMatch(text) ? PyNumberText.ToFloat(Suffix().Replace(text, "")) : text,
        "double" => Double().IsMatch(text) ? PyNumberText.ToFloat(text) : text,
        "boolean" when text is "true" or "false" => text == "true",
        "boolean" or "char" or "String" or "any" => text,
        "ArrayList" => JavaCollection.ArrayList(text, nested),
        "Array" => JavaCollection.Array(text, nested),
        "HashMap" => JavaCollection.HashMap(text),
        "Set" or "Hashtable" or "Queue" or "Stack" => throw new PyError("NotImplementedError", $"{type} conversion is not implemented"),
        _ => throw PyError.ValueError($"Unsupported type: {type}"),
    };

    /// <summary>An element whose type nobody says.</summary>
    public static PyValue Guess(string text)
    {
        if (text is "true" or "false") return text == "true";
        if (text.StartsWith('"') && text.EndsWith('"')) return Inner(text);
        if (Long().IsMatch(text)) return PyNumberText.ToInteger(text[..^1]);
        if (Float().IsMatch(text)) return PyNumberText.ToFloat(Suffix().Replace(text, ""));
        return PlainValue.Guess(text);
    }

    /// <summary>Python's <c>text[1:-1]</c>.</summary>
    public static string Inner(string text) => text.Length < 2 ? "" : text[1..^1];

    [GeneratedRegex(@"^-?\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^-?\d+[lL]$", RegexOptions.CultureInvariant)]
    private static partial Regex Long();

    [GeneratedRegex(@"^-?\d+(\.\d+)?([eE][+-]?\d+)?[fF]$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    [GeneratedRegex(@"^-?\d+(\.\d+)?([eE][+-]?\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Double();

    [GeneratedRegex("[fFlL]$", RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();
}
