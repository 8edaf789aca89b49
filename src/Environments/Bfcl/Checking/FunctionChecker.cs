using System.Text.Json;
using SandQueue.Environments.Abstractions.Json;
using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Bfcl.Checking.Literals;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking;

/// <summary>Checks one call against one function's description and the possible answers.</summary>
internal static class FunctionChecker
{
    /// <param name="function">The data's description of the function that is expected.</param>
    /// <param name="answer">The possible values by parameter; "" among them makes a parameter optional.</param>
    public static Verdict Check(Language language, JsonElement function, CheckedCall call, PyDict answer)
    {
        var name = function.GetProperty("name").Text();
        if (call.Name != name) return Wrong("wrong_func_name", $"Function name {PyRepr.Of(name)} not found in model output.");

        var parameters = function.GetProperty("parameters");
        foreach (var required in Member(parameters, "required").EnumerateArray().Select(required => required.Text()))
        {
            if (!call.Arguments.Contains(required)) return Wrong("missing_required", $"Missing required parameter: {PyRepr.Of(required)}.");
        }

        foreach (var (key, value) in call.Arguments)
        {
            var parameter = key.ToString();
            // The answers first: a name they know is sound text, the agent's own may be half a surrogate pair.
            if (answer.Get(key) is not { } options || !Member(parameters, "properties").TryGetProperty(parameter, out var details))
            {
                return Wrong("unexpected_param", $"Unexpected parameter: {PyRepr.Of(key)}.");
            }

            var verdict = Argument(language, parameter, details, value, options);
            if (!verdict.Valid) return verdict;
        }

        foreach (var (key, options) in answer)
        {
            if (!call.Arguments.Contains(key) && !PyContainer.Contains(options, ""))
            {
                return Wrong("missing_optional", $"Optional parameter {PyRepr.Of(key)} not provided and not marked as optional.");
            }
        }

        return Verdict.Right;
    }

    /// <summary>Checks one argument against its parameter's description and the possible values.</summary>
    /// <exception cref="PyError">The benchmark has no rule for it.</exception>
    public static Verdict Argument(Language language, string parameter, JsonElement details, PyValue value, PyValue options)
    {
        var type = Text(details, "type");
        var expected = ParameterTypes.PythonType(language, type);
        // Values of another language are its source text: JSON has none of its own for them.
        if (language != Language.Python && value is not PyStr)
        {
            return Verdict.Wrong(
                language == Language.Java ? "type_error:java" : "type_error:js",
                $"Incorrect type for parameter {PyRepr.Of(parameter)}. Expected type String, got {value.TypeName}. Parameter value: {PyRepr.Of(value)}.");
        }

        var nestedType = ParameterTypes.IsNested(language, type) ? Text(Member(details, "items"), "type") : null;
        var nested = nestedType is null ? null : ParameterTypes.PythonType(language, nestedType);
        value = (language, value) switch
        {
            (Language.Java, PyStr source) => JavaLiteral.Value(source.Text, type, nestedType),
            (Language.JavaScript, PyStr source) => JavaScriptLiteral.Value(source.Text, type, nestedType),
            (_, PyInt) when type == "float" => PyNumber.AsFloat(value),
            _ => value,
        };
        var types = TypeChecker.Check(parameter, value, options, type, expected, nested);
        if (!types.Verdict.Valid) return types.Verdict;
        if (types.IsVariable) return ValueChecker.Other(parameter, value, options);

        return (expected, value) switch
        {
            ("dict", _) => ValueChecker.Dict(value, PyContainer.Iterate(options)),
            ("list", PyList list) when nested == "dict" => ValueChecker.ListOfDicts(list, options),
            ("str", PyStr text) => ValueChecker.Text(parameter, text, options),
            ("list", PyList list) => ValueChecker.List(parameter, list, options),
            _ => ValueChecker.Other(parameter, value, options),
        };
    }

    private static string Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.Text() : throw PyError.TypeError($"\"{name}\" is no text");

    private static JsonElement Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member)
            ? member
            : throw new PyError("KeyError", PyRepr.Of(name));

    private static Verdict Wrong(string kind, string error) => Verdict.Wrong($"simple_function_checker:{kind}", error);
}
