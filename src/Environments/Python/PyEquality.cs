using System.Numerics;

namespace SandQueue.Environments.Python;

/// <summary><c>==</c> and <c>hash</c>: numbers compare by value whatever their type, containers by content.</summary>
internal sealed class PyEquality : IEqualityComparer<PyValue>
{
    private PyEquality()
    {
    }

    public static PyEquality Comparer { get; } = new();

    public static bool Equal(PyValue left, PyValue right)
    {
        if (ReferenceEquals(left, right)) return left is not PyFloat { Number: double.NaN };
        return (left, right) switch
        {
            (PyStr a, PyStr b) => string.Equals(a.Text, b.Text, StringComparison.Ordinal),
            (PyList a, PyList b) => SameItems(a.Items, b.Items),
            (PyTuple a, PyTuple b) => SameItems(a.Items, b.Items),
            (PyDict a, PyDict b) => SameEntries(a, b),
            (PySet a, PySet b) => a.Items.Count == b.Items.Count && a.Items.All(b.Contains),
            _ => PyNumber.IsNumber(left) && PyNumber.IsNumber(right) && PyNumber.Compare(left, right) == 0,
        };
    }

    /// <summary>The value itself, where Python would take it as a key.</summary>
    /// <exception cref="PyError">It is a list, dict or set, or a tuple that holds one.</exception>
    public static PyValue Hashable(PyValue value)
    {
        if (value is PyList or PyDict or PySet) throw PyError.TypeError($"unhashable type: '{value.TypeName}'");
        if (value is PyTuple tuple)
        {
            foreach (var item in tuple.Items) Hashable(item);
        }

        return value;
    }

    public bool Equals(PyValue? x, PyValue? y) => x is not null && y is not null && Equal(x, y);

    public int GetHashCode(PyValue obj) => obj switch
    {
        PyStr text => text.Text.GetHashCode(StringComparison.Ordinal),
        PyBool flag => HashOf(flag.Truthy ? BigInteger.One : BigInteger.Zero),
        PyInt number => HashOf(number.Number),
        PyFloat number => double.IsInteger(number.Number) ? HashOf(new BigInteger(number.Number)) : number.Number.GetHashCode(),
        PyTuple tuple => tuple.Items.Aggregate(17, (hash, item) => (hash * 31) + GetHashCode(item)),
        _ => 0,
    };

    private static int HashOf(BigInteger number) => number.GetHashCode();

    private static bool SameItems(IReadOnlyList<PyValue> left, IReadOnlyList<PyValue> right)
    {
        if (left.Count != right.Count) return false;
        for (var i = 0; i < left.Count; i++)
        {
            if (!ReferenceEquals(left[i], right[i]) && !Equal(left[i], right[i])) return false;
        }

        return true;
    }

    private static bool SameEntries(PyDict left, PyDict right)
    {
        if (left.Count != right.Count) return false;
        foreach (var (key, value) in left)
        {
            if (right.Get(key) is not { } other || (!ReferenceEquals(value, other) && !Equal(value, other))) return false;
        }

        return true;
    }
}
