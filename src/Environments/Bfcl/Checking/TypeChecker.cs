using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking;

/// <summary>What the type check says. A variable is a value whose type is the answers', not the description's.</summary>
internal readonly record struct TypeVerdict(Verdict Verdict, bool IsVariable);

/// <summary>
/// Compares a value's exact type with the described one, and one level into lists with the type of the elements. Where
/// the answers are of another type than described, a value of the answers' type passes.
/// </summary>
internal static class TypeChecker
{
    public static TypeVerdict Check(string parameter, PyValue value, PyValue options, string described, string expected, string? nested)
    {
        var optionType = TypeOf(options);
        var errors = new List<string>();
        if (value.TypeName == expected)
        {
            if (nested is null || ElementsFit(parameter, value, options, nested)) return Pass(optionType is not null && optionType != expected);
            errors.Add($"Nested type checking failed for parameter {Repr(parameter)}. Expected outer type {described} with inner type {Class(nested)}. Parameter value: {PyRepr.Of(value)}.");
        }

        // Also reached with elements of the wrong type: then the outer type is the answers', and the failure stands as "nested".
        if (value.TypeName == optionType)
        {
            return errors.Count == 0 ? Pass(isVariable: true) : new TypeVerdict(Verdict.Wrong("type_error:nested", errors), true);
        }

        errors.Add($"Incorrect type for parameter {Repr(parameter)}. Expected type {described}, got {value.TypeName}. Parameter value: {PyRepr.Of(value)}.");
        return new TypeVerdict(Verdict.Wrong("type_error:simple", errors), false);
    }

    // One answer is enough whose types the elements share; an answer that is no list ("" marks an optional one) asks nothing.
    private static bool ElementsFit(string parameter, PyValue value, PyValue options, string nested) =>
        PyContainer.Iterate(options).Any(option =>
            option is not PyList
            || PyContainer.Iterate(value).All(element => Check(parameter, element, option, Class(nested), nested, null).Verdict.Valid));

    private static string? TypeOf(PyValue options) =>
        PyContainer.Iterate(options).FirstOrDefault(option => option is not PyStr { Text: "" })?.TypeName;

    private static TypeVerdict Pass(bool isVariable) => new(Verdict.Right, isVariable);

    private static string Repr(string text) => PyRepr.Of(text);

    private static string Class(string type) => $"<class '{type}'>";
}
