namespace SandQueue.Environments.Python;

/// <summary>
/// A <c>set</c>. It keeps the order of insertion; where the original shows a set of strings its order changes from run
/// to run, so there is none to keep.
/// </summary>
internal sealed class PySet : PyValue
{
    private readonly PyValue[] _items;

    public PySet(params PyValue[] items) => _items = [.. items.Distinct(PyEquality.Comparer)];

    private PySet(PySet known, PyValue added) => _items = [.. known._items, added];

    public static PySet Empty { get; } = new();

    public IReadOnlyList<PyValue> Items => _items;

    public override string TypeName => "set";

    public override bool Truthy => _items.Length > 0;

    public bool Contains(PyValue item) => _items.Contains(PyEquality.Hashable(item), PyEquality.Comparer);

    public PySet Add(PyValue item) => Contains(item) ? this : new(this, item);
}
