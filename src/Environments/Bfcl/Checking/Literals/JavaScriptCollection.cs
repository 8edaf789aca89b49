using System.Text.RegularExpressions;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking.Literals;

/// <summary>Reads JavaScript's arrays and objects with the benchmark's own patterns.</summary>
internal static class JavaScriptCollection
{
    private static readonly Regex FlatArray = LinearRegex.Of(@"\A(?:\[(.*?)\]|\bnew\s+Array\((.*?)\))");
    private static readonly Regex Brackets = LinearRegex.Of(@"\[(.*?)\]");
    private static readonly Regex Braces = LinearRegex.Of(@"\A\{(.*?)\}");

    public static PyValue Array(string source, string? nested)
    {
        var text = PyText.Strip(source);
        try
        {
            if (ArrayOfArrays.Match(text) is { } outer)
            {
                return PyList.Of(Brackets.Matches(outer).Select((inner, index) => (PyValue)Inner(inner.Groups[1].Value, index == 0)));
            }

            if (FlatArray.Match(text) is not { Success: true } flat) return text;
            var content = PyText.Strip(flat.Groups[1].Success ? flat.Groups[1].Value : flat.Groups[2].Value);
            if (content.Length == 0) return PyList.Empty;
            return PyList.Of(content.Split(',').Select(PyText.Strip).Select(item => string.IsNullOrEmpty(nested) ? JavaScriptLiteral.Guess(item) : Element(item, nested)));
        }
        catch (PyError)
        {
            // As in the benchmark: an array with an element that cannot be read stays text.
            return text;
        }
    }

    public static PyValue Dict(string source)
    {
        var text = PyText.Strip(source);
        if (text == "{}") return PyDict.Empty;
        return Braces.Match(text) is { Success: true } braces
            ? new PyDict(JavaScriptPairs.In(braces.Groups[1].Value).Select(pair => KeyValuePair.Create((PyValue)Unquoted(PyText.Strip(pair.Key)), Entry(PyText.Strip(pair.Value)))))
            : text;
    }

    private static PyValue Element(string text, string nested) => JavaScriptLiteral.Value(text, nested, text.StartsWith('\'') || text.StartsWith('"') ? "String" : null);

    private static PyList Inner(string content, bool first)
    {
        var text = PyText.Strip(content);
        if (first && text.StartsWith('[')) text = text[1..];
        return PyList.Of(text.Split(',').Select(JavaScriptLiteral.Guess));
    }

    private static PyValue Entry(string value)
    {
        if (value.StartsWith('[') && value.EndsWith(']')) return Array(value, null);
        if (value.StartsWith('{') && value.EndsWith('}')) return Dict(value);
        return JavaScriptLiteral.Guess(Unquoted(value));
    }

    private static string Unquoted(string text) => text.Trim('\'', '"');
}
