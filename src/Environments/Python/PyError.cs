namespace SandQueue.Environments.Python;

/// <summary>A Python exception inside a simulated service. The agent reads its message as an observation.</summary>
/// <param name="type">The exception's class, which some services catch by.</param>
/// <param name="message"><c>str(e)</c>.</param>
internal sealed class PyError(string type, string message) : Exception(message)
{
    public string Type => type;

    public static PyError TypeError(string message) => new("TypeError", message);

    public static PyError ValueError(string message) => new("ValueError", message);

    public static PyError NoAttribute(PyValue value, string attribute) =>
        new("AttributeError", $"'{value.TypeName}' object has no attribute '{attribute}'");
}
