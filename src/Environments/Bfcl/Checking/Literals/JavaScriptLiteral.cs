using System.Text.RegularExpressions;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking.Literals;

/// <summary>Reads JavaScript source text as a Python value. Text that is not of the type stays text.</summary>
internal static partial class JavaScriptLiteral
{
    /// <param name="nested">Type of the elements of an <c>array</c>.</param>
    /// <exception cref="PyError">The benchmark's checker does not know the type.</exception>
    public static PyValue Value(string text, string type, string? nested) => type switch
    {
        "String" => IsQuoted(text) ? JavaLiteral.Inner(text) : text,
        "integer" => Whole().IsMatch(text) ? PyNumberText.ToInteger(text) : text,
        "float" => Real().IsMatch(text) ? PyNumberText.ToFloat(text) : text,
        "Bigint" => BigInt().IsMatch(text) ? PyNumberText.ToInteger(text[..^1]) : text,
        "Boolean" when text is "true" or "false" => text == "true",
        "Boolean" or "any" => text,
        "dict" => JavaScriptCollection.Dict(text),
        "array" => JavaScriptCollection.Array(text, nested),
        _ => throw PyError.ValueError($"Unsupported type: {type}"),
    };

    /// <summary>An element whose type nobody says.</summary>
    public static PyValue Guess(string text)
    {
        var value = PyText.Strip(text);
        if (value is "true" or "false") return value == "true";
        return IsQuoted(value) ? JavaLiteral.Inner(value) : PlainValue.Guess(value);
    }

    private static bool IsQuoted(string text) => (text.StartsWith('"') && text.EndsWith('"')) || (text.StartsWith('\'') && text.EndsWith('\''));

    [GeneratedRegex(@"^-?\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"^-?\d+(\.\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Real();

    [GeneratedRegex(@"^-?\d+n$", RegexOptions.CultureInvariant)]
    private static partial Regex BigInt();
}
