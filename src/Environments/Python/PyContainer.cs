namespace SandQueue.Environments.Python;

/// <summary><c>in</c>, <c>len</c>, <c>for … in</c> and subscripts over any value, with Python's complaints.</summary>
internal static class PyContainer
{
    /// <summary><c>item in container</c>.</summary>
    public static bool Contains(PyValue container, PyValue item) => container switch
    {
        PyStr text => item is PyStr part
            ? text.Text.Contains(part.Text, StringComparison.Ordinal)
            : throw PyError.TypeError($"'in <string>' requires string as left operand, not {item.TypeName}"),
        PyDict dict => dict.Contains(item),
        PyList list => list.Items.Contains(item, PyEquality.Comparer),
        PyTuple tuple => tuple.Items.Contains(item, PyEquality.Comparer),
        PySet set => set.Contains(item),
        _ => throw PyError.TypeError($"argument of type '{container.TypeName}' is not iterable"),
    };

    /// <summary>What a <c>for</c> loop goes through: a dict's keys, a string's characters.</summary>
    public static IEnumerable<PyValue> Iterate(PyValue value) => value switch
    {
        PyStr text => PyText.Characters(text.Text).Select(character => (PyValue)character),
        PyDict dict => dict.Keys,
        PyList list => list.Items,
        PyTuple tuple => tuple.Items,
        PySet set => set.Items,
        _ => throw PyError.TypeError($"'{value.TypeName}' object is not iterable"),
    };

    /// <summary><c>len(value)</c>.</summary>
    public static int Length(PyValue value) => value switch
    {
        PyStr text => PyText.Length(text.Text),
        PyDict dict => dict.Count,
        PyList list => list.Items.Count,
        PyTuple tuple => tuple.Items.Count,
        PySet set => set.Items.Count,
        _ => throw PyError.TypeError($"object of type '{value.TypeName}' has no len()"),
    };

    /// <summary><c>value[key]</c>, where the key is a string: everything but a dict complains.</summary>
    public static PyValue Subscript(PyValue value, string key) => value switch
    {
        PyDict dict => dict[key],
        PyStr => throw PyError.TypeError("string indices must be integers, not 'str'"),
        PyList or PyTuple => throw PyError.TypeError($"{value.TypeName} indices must be integers or slices, not str"),
        _ => throw PyError.TypeError($"'{value.TypeName}' object is not subscriptable"),
    };

    /// <summary>The dict behind a value that a service calls dict methods on.</summary>
    public static PyDict Dict(PyValue value, string method) => value as PyDict ?? throw PyError.NoAttribute(value, method);

    /// <summary>The list behind a value that a service calls list methods on.</summary>
    public static PyList List(PyValue value, string method) => value as PyList ?? throw PyError.NoAttribute(value, method);

    /// <summary>The text behind a value that a service calls string methods on.</summary>
    public static string Text(PyValue value, string method) => value is PyStr text ? text.Text : throw PyError.NoAttribute(value, method);
}
