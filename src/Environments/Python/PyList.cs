namespace SandQueue.Environments.Python;

/// <summary>A <c>list</c>. Changing one gives another; the services write it back where the original changed in place.</summary>
internal sealed class PyList(params PyValue[] items) : PyValue
{
    public static PyList Empty { get; } = new();

    public IReadOnlyList<PyValue> Items => items;

    public override string TypeName => "list";

    public override bool Truthy => items.Length > 0;

    public static PyList Of(IEnumerable<PyValue> items) => new([.. items]);

    public static PyList Of(IEnumerable<string> items) => new([.. items.Select(item => (PyValue)item)]);

    public PyList Append(PyValue item) => new([.. items, item]);

    public PyList Extend(IEnumerable<PyValue> more) => new([.. items, .. more]);

    /// <summary><c>remove(item)</c>: the first equal one.</summary>
    public PyList Remove(PyValue item)
    {
        var at = Array.FindIndex(items, known => PyEquality.Equal(known, item));
        return at < 0 ? throw new PyError("ValueError", "list.remove(x): x not in list") : With(at, null);
    }

    /// <summary>The list with another item at a place, or without that place where there is none.</summary>
    public PyList With(int at, PyValue? item) => item is null
        ? new([.. items[..at], .. items[(at + 1)..]])
        : new([.. items[..at], item, .. items[(at + 1)..]]);
}
