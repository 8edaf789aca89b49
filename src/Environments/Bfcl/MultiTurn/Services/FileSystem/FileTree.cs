using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;

/// <summary>
/// Files and directories by number. Numbers stand for Python's object identity: two directories may hold one and the
/// same file, or even share all their contents, after a copy or move. Forks share what neither has changed.
/// </summary>
internal sealed class FileTree
{
    private readonly List<object> _shared;
    private readonly Dictionary<int, object> _changed = [];
    private readonly bool _isFork;
    private int _count;

    public FileTree() => _shared = [];

    private FileTree(FileTree original)
    {
        _shared = original._shared;
        _isFork = true;
        _count = original._count;
        foreach (var (number, node) in original._changed) _changed[number] = node;
    }

    public FileTree Fork() => new(this);

    /// <summary>Whether both started from one tree and neither has changed since.</summary>
    public bool IsUntouchedTwinOf(FileTree other) =>
        ReferenceEquals(_shared, other._shared) && _changed.Count == 0 && other._changed.Count == 0;

    public object Node(int number) => _changed.Count > 0 && _changed.TryGetValue(number, out var node) ? node : _shared[number];

    /// <summary>A directory's contents: names to numbers.</summary>
    public PyDict Contents(DirectoryNode directory) => (PyDict)Node(directory.Contents);

    public int Add(object node)
    {
        Set(_count, node);
        return _count++;
    }

    public void Set(int number, object node)
    {
        if (_isFork) _changed[number] = node;
        else if (number == _shared.Count) _shared.Add(node);
        else _shared[number] = node;
    }
}
