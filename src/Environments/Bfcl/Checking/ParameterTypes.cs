using SandQueue.Environments.Bfcl.Catalogue;
using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.Checking;

/// <summary>Which Python type stands for a parameter's type, by language.</summary>
internal static class ParameterTypes
{
    /// <exception cref="PyError">The language has no such type: the benchmark's checker stops there too.</exception>
    public static string PythonType(Language language, string type) => (language switch
    {
        Language.Java => Java(type),
        Language.JavaScript => JavaScript(type),
        _ => Python(type),
    }) ?? throw new PyError("KeyError", PyRepr.Of(type));

    /// <summary>Whether the elements' type is looked at as well.</summary>
    public static bool IsNested(Language language, string type) => language switch
    {
        Language.Python => type is "array" or "tuple",
        _ => type is "Array" or "ArrayList" or "array",
    };

    private static string? Python(string type) => type switch
    {
        "string" or "any" => "str",
        "integer" => "int",
        "float" => "float",
        "boolean" => "bool",
        "array" or "tuple" => "list",
        "dict" => "dict",
        _ => null,
    };

    private static string? Java(string type) => type switch
    {
        "byte" or "short" or "integer" or "long" => "int",
        "float" or "double" => "float",
        "boolean" => "bool",
        "char" or "String" or "any" => "str",
        "Array" or "ArrayList" or "Queue" or "Stack" => "list",
        "Set" => "set",
        "HashMap" or "Hashtable" => "dict",
        _ => null,
    };

    private static string? JavaScript(string type) => type switch
    {
        "String" or "any" => "str",
        "integer" or "Bigint" => "int",
        "float" => "float",
        "Boolean" => "bool",
        "dict" => "dict",
        "array" => "list",
        _ => null,
    };
}
