using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Solutions;

/// <summary>Writes values as the source text of Java or JavaScript that the checker reads back: the way of its literals, backwards.</summary>
internal static class SourceText
{
    /// <summary>Ways of writing a value, the most natural first. The checker overlooks much, so which of them it reads back is to be tried.</summary>
    /// <param name="language">Java or JavaScript.</param>
    /// <param name="value">The value.</param>
    /// <param name="details">The parameter's description.</param>
    public static IEnumerable<PyValue> Of(Language language, PyValue value, JsonElement details)
    {
        var type = Type(details);
        var nested = details.TryGetProperty("items", out var items) ? Type(items) : "";
        if (value is PyStr text) return [text, $"\"{text.Text}\""];
        return language == Language.Java
            ? Java(value, type, nested).Select(written => (PyValue)written)
            : JavaScript(value, type).Select(written => (PyValue)written);
    }

    private static IEnumerable<string> Java(PyValue value, string type, string nested) => value switch
    {
        PyList list when type == "ArrayList" =>
        [
            $"new ArrayList<>(Arrays.asList({Joined(list, item => JavaItem(item, nested))}))",
            $"new ArrayList<>() {{{{ {string.Concat(list.Items.Select(item => $"add({JavaItem(item, nested)}); "))}}}}}",
            "new ArrayList<>()",
        ],
        PyList list => [$"new {JavaName(nested)}[]{{{Joined(list, item => JavaItem(item, nested))}}}", $"new {JavaName(nested)}[]{{{Joined(list, item => Plain(item, "L", ""))}}}"],
        PyDict { Count: 0 } => ["new HashMap<>()"],
        PyDict dict => [$"new HashMap<String, Object>() {{{{ {string.Concat(dict.Select(entry => $"put(\"{entry.Key}\", {JavaItem(entry.Value, "")}); "))}}}}}"],
        _ => [Plain(value, type == "long" ? "L" : "", type == "float" ? "f" : "")],
    };

    private static string JavaItem(PyValue value, string type) => value is PyStr text ? $"\"{text.Text}\"" : Plain(value, type == "long" ? "L" : "", type == "float" ? "f" : "");

    private static string JavaName(string type) => type switch
    {
        "integer" => "int",
        "" => "Object",
        _ => type,
    };

    private static IEnumerable<string> JavaScript(PyValue value, string type) => value switch
    {
        PyInt => [Plain(value, type == "Bigint" ? "n" : "", "")],
        PyList or PyDict => [JavaScriptItem(value, "\""), JavaScriptItem(value, "'"), JavaScriptItem(value, "")],
        _ => [Plain(value, "", "")],
    };

    private static string JavaScriptItem(PyValue value, string quote) => value switch
    {
        PyStr text => $"{quote}{text.Text}{quote}",
        PyList list => $"[{Joined(list, item => JavaScriptItem(item, quote))}]",
        PyDict dict => $"{{{string.Join(", ", dict.Select(entry => $"{entry.Key}: {JavaScriptItem(entry.Value, quote)}"))}}}",
        _ => Plain(value, "", ""),
    };

    private static string Joined(PyList list, Func<PyValue, string> write) => string.Join(", ", list.Items.Select(write));

    private static string Plain(PyValue value, string afterWhole, string afterReal) => value switch
    {
        PyBool flag => flag.Truthy ? "true" : "false",
        PyInt => $"{PyRepr.Of(value)}{afterWhole}",
        PyFloat => $"{PyRepr.Of(value)}{afterReal}",
        PyNone => "null",
        _ => value.ToString(),
    };

    private static string Type(JsonElement details) => details.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.Text() : "";
}
