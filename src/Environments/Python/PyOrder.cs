namespace SandQueue.Environments.Python;

/// <summary><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c>, <c>min</c>, <c>max</c> and <c>sorted</c> of strings.</summary>
internal static class PyOrder
{
    public static bool Less(PyValue left, PyValue right) => Holds(left, right, "<", order => order < 0);

    public static bool LessOrEqual(PyValue left, PyValue right) => Holds(left, right, "<=", order => order <= 0);

    public static bool Greater(PyValue left, PyValue right) => Holds(left, right, ">", order => order > 0);

    public static bool GreaterOrEqual(PyValue left, PyValue right) => Holds(left, right, ">=", order => order >= 0);

    public static PyValue Min(PyValue items) => PyContainer.Iterate(items).Aggregate((least, next) => Less(next, least) ? next : least);

    public static PyValue Max(PyValue items) => PyContainer.Iterate(items).Aggregate((most, next) => Greater(next, most) ? next : most);

    /// <summary>The order of strings by code point: surrogate pairs come after everything else.</summary>
    public static int CompareText(string left, string right)
    {
        var common = Math.Min(left.Length, right.Length);
        for (var i = 0; i < common; i++)
        {
            if (left[i] == right[i]) continue;
            return char.IsSurrogate(left[i]) == char.IsSurrogate(right[i])
                ? left[i].CompareTo(right[i])
                : char.IsSurrogate(left[i]) ? 1 : -1;
        }

        return left.Length.CompareTo(right.Length);
    }

    private static bool Holds(PyValue left, PyValue right, string symbol, Func<int, bool> accepts)
    {
        switch (left, right)
        {
            case (PyStr a, PyStr b): return accepts(CompareText(a.Text, b.Text));
            case (PyList a, PyList b): return ItemsHold(a.Items, b.Items, symbol, accepts);
            case (PyTuple a, PyTuple b): return ItemsHold(a.Items, b.Items, symbol, accepts);
        }

        if (!PyNumber.IsNumber(left) || !PyNumber.IsNumber(right))
        {
            throw PyError.TypeError($"'{symbol}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'");
        }

        return PyNumber.Compare(left, right) is { } order && accepts(order);
    }

    // The first pair that differs decides, by the same comparison; else the lengths do.
    private static bool ItemsHold(IReadOnlyList<PyValue> left, IReadOnlyList<PyValue> right, string symbol, Func<int, bool> accepts)
    {
        for (var i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (!PyEquality.Equal(left[i], right[i])) return Holds(left[i], right[i], symbol, accepts);
        }

        return accepts(left.Count.CompareTo(right.Count));
    }
}
