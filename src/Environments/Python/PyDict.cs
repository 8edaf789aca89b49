using System.Collections;

namespace SandQueue.Environments.Python;

/// <summary>
/// A <c>dict</c>: keys in the order they came in, equal keys (1, 1.0, True) are one. Changing one gives another that
/// shares its values.
/// </summary>
internal sealed class PyDict : PyValue, IEnumerable<KeyValuePair<PyValue, PyValue>>
{
    // Below this many keys a walk is faster than an index, and most dicts of a service stay below.
    private const int WalkedUpTo = 48;

    private readonly KeyValuePair<PyValue, PyValue>[] _entries;
    private Dictionary<PyValue, int>? _index;

    public PyDict(params (PyValue Key, PyValue Value)[] entries)
        : this(entries.Select(entry => KeyValuePair.Create(entry.Key, entry.Value)))
    {
    }

    /// <summary>A later entry with an equal key replaces the value and keeps the place, as in Python.</summary>
    public PyDict(IEnumerable<KeyValuePair<PyValue, PyValue>> entries)
    {
        var list = new List<KeyValuePair<PyValue, PyValue>>();
        var places = new Dictionary<PyValue, int>(PyEquality.Comparer);
        foreach (var (key, value) in entries)
        {
            if (places.TryGetValue(PyEquality.Hashable(key), out var place))
            {
                list[place] = KeyValuePair.Create(list[place].Key, value);
            }
            else
            {
                places[key] = list.Count;
                list.Add(KeyValuePair.Create(key, value));
            }
        }

        _entries = [.. list];
    }

    private PyDict(KeyValuePair<PyValue, PyValue>[] distinct) => _entries = distinct;

    public static PyDict Empty { get; } = new();

    public override string TypeName => "dict";

    public override bool Truthy => _entries.Length > 0;

    public int Count => _entries.Length;

    public IEnumerable<PyValue> Keys => _entries.Select(entry => entry.Key);

    public IEnumerable<PyValue> Values => _entries.Select(entry => entry.Value);

    /// <summary><c>d[key]</c>.</summary>
    /// <exception cref="PyError">There is no such key.</exception>
    public PyValue this[PyValue key] => Get(key) ?? throw new PyError("KeyError", PyRepr.Of(key));

    /// <summary><c>d.get(key)</c>, null where there is no such key.</summary>
    public PyValue? Get(PyValue key) => PlaceOf(PyEquality.Hashable(key)) is var place and >= 0 ? _entries[place].Value : null;

    public bool Contains(PyValue key) => PlaceOf(PyEquality.Hashable(key)) >= 0;

    /// <summary><c>d[key] = value</c>.</summary>
    public PyDict With(PyValue key, PyValue value)
    {
        var place = PlaceOf(PyEquality.Hashable(key));
        if (place < 0) return new PyDict([.. _entries, KeyValuePair.Create(key, value)]);

        var entries = (KeyValuePair<PyValue, PyValue>[])_entries.Clone();
        entries[place] = KeyValuePair.Create(entries[place].Key, value);
        return new PyDict(entries);
    }

    /// <summary><c>del d[key]</c>.</summary>
    public PyDict Without(PyValue key)
    {
        var place = PlaceOf(PyEquality.Hashable(key));
        if (place < 0) throw new PyError("KeyError", PyRepr.Of(key));
        return new PyDict([.. _entries.AsSpan(0, place), .. _entries.AsSpan(place + 1)]);
    }

    public IEnumerator<KeyValuePair<PyValue, PyValue>> GetEnumerator() => _entries.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int PlaceOf(PyValue key)
    {
        if (_entries.Length > WalkedUpTo) return Index().TryGetValue(key, out var found) ? found : -1;

        for (var place = 0; place < _entries.Length; place++)
        {
            if (PyEquality.Equal(_entries[place].Key, key)) return place;
        }

        return -1;
    }

    // Two threads may build it at once; both build the same, and either may win.
    private Dictionary<PyValue, int> Index()
    {
        if (_index is { } known) return known;

        var index = new Dictionary<PyValue, int>(_entries.Length, PyEquality.Comparer);
        for (var place = 0; place < _entries.Length; place++) index[_entries[place].Key] = place;
        return _index = index;
    }
}
