using System.Text.RegularExpressions;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking.Literals;

/// <summary>Reads Java's collection expressions with the benchmark's own patterns: what they overlook is part of its verdicts.</summary>
internal static class JavaCollection
{
    private static readonly Regex AsList = LinearRegex.Of(@"new\s+ArrayList<\w*>\(Arrays\.asList\((.+?)\)\)");
    private static readonly Regex Adds = LinearRegex.Of(@"new\s+ArrayList<\w*>\(\)\s*\{\{\s*(.+?)\s*\}\}", RegexOptions.Singleline);
    private static readonly Regex Add = LinearRegex.Of(@"add\((.+?)\)");
    private static readonly Regex EmptyList = LinearRegex.Of(@"new\s+ArrayList<\w*>\(\)");
    private static readonly Regex Elements = LinearRegex.Of(@"new\s+\w+\[\]\s*\{(.*?)\}");
    private static readonly Regex Puts = LinearRegex.Of(@"new\s+HashMap<.*?>\s*\(\)\s*\{\s*\{?\s*(.*?)\s*\}?\s*\}", RegexOptions.Singleline);
    private static readonly Regex Put = LinearRegex.Of(@"put\(""(.*?)"",\s*(.*?)\)");
    private static readonly Regex EmptyMap = LinearRegex.Of(@"new\s+HashMap<.*?>\s*\(\)");

    public static PyValue ArrayList(string text, string? nested)
    {
        if (AsList.Match(text) is { Success: true } list) return PyList.Of(list.Groups[1].Value.Split(',').Select(item => Element(item, nested)));
        if (Adds.Match(text) is { Success: true } adds) return PyList.Of(Add.Matches(adds.Groups[1].Value).Select(add => Element(add.Groups[1].Value, nested)));
        return EmptyList.IsMatch(text) ? PyList.Empty : text;
    }

    public static PyValue Array(string text, string? nested)
    {
        if (Elements.Match(text) is not { Success: true } array) return text;
        var items = array.Groups[1].Value.Split(',').Select(PyText.Strip).Where(item => item.Length > 0);
        return PyList.Of(items.Select(item => string.IsNullOrEmpty(nested) ? JavaLiteral.Guess(item) : JavaLiteral.Value(item, nested, null)));
    }

    public static PyValue HashMap(string text)
    {
        if (Puts.Match(text) is { Success: true } puts)
        {
            return new PyDict(Put.Matches(puts.Groups[1].Value).Select(put =>
                KeyValuePair.Create((PyValue)put.Groups[1].Value, JavaLiteral.Guess(PyText.Strip(put.Groups[2].Value)))));
        }

        return EmptyMap.IsMatch(text) ? PyDict.Empty : text;
    }

    // In an ArrayList, and nowhere else, the quotes of texts are taken off.
    private static PyValue Element(string text, string? nested)
    {
        var item = PyText.Strip(text);
        if (nested is "char" or "String") return JavaLiteral.Inner(item);
        return string.IsNullOrEmpty(nested) ? JavaLiteral.Guess(item) : JavaLiteral.Value(item, nested, null);
    }
}
