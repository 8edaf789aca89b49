using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;

/// <content>Where the agent is, where it goes, and what lies around.</content>
internal sealed partial class GorillaFileSystem
{
    // Copies share their subdirectories, so a few calls can make a tree that no walk gets through.
    private const int MostWalked = 100_000;
    private const int MostPathCharacters = 20_000_000;
    private const int Deepest = 950;

    private DirectoryNode Directory(int number) => (DirectoryNode)_tree.Node(number);

    private PyDict Here => _tree.Contents(Directory(_current));

    // The name "." means the directory itself, whatever may lie in it under that name.
    private int? Item(int directory, PyValue name)
    {
        if (name is PyStr { Text: "." }) return directory;
        return _tree.Contents(Directory(directory)).Get(name) is { } number ? Number(number) : null;
    }

    private IEnumerable<PyValue> PathUp()
    {
        for (int? at = _current; at is { } number; at = Directory(number).Parent) yield return Directory(number).Name;
    }

    private string WorkingPath()
    {
        var names = PathUp().Reverse().ToList();
        var odd = names.FindIndex(name => name is not PyStr);
        if (odd >= 0) throw PyError.TypeError($"sequence item {odd}: expected str instance, {names[odd].TypeName} found");
        return "/" + string.Join('/', names.Select(name => name.ToString()));
    }

    private PyDict List(bool hidden)
    {
        var names = Here.Keys;
        if (!hidden) names = names.Where(name => !PyContainer.Text(name, "startswith").StartsWith('.'));
        return new PyDict(("current_directory_content", PyList.Of(names)));
    }

    private PyDict ChangeDirectory(PyValue folder)
    {
        var path = PyContainer.Text(folder, "rstrip").TrimEnd('/');
        if (path.Length == 0) path = "/";
        if (path != "/" && path.Contains('/', StringComparison.Ordinal))
        {
            return Error($"cd: {path}: Unsupported path. Only one folder level at a time is supported.");
        }

        if (path == "..")
        {
            if (Directory(_current).Parent is not { } parent) return Error("Current directory is already the root. Cannot go back.");
            _current = parent;
            return PyDict.Empty;
        }

        if (Navigate(path) is not { } target) return NoSuchDirectory("cd", path);
        _current = target;
        return new PyDict(("current_working_directory", Directory(target).Name));
    }

    // The directory a path leads to, or null where it leads to none.
    private int? Navigate(PyValue path)
    {
        if (path is PyNone or PyStr { Text: "." }) return _current;
        if (path is PyStr { Text: "/" }) return _root;
        var text = PyContainer.Text(path, "strip");
        var at = text.StartsWith('/') ? _root : _current;
        foreach (var name in text.Trim('/').Split('/'))
        {
            if (Item(at, name) is not { } next || _tree.Node(next) is not DirectoryNode) return null;
            at = next;
        }

        return at;
    }

    private PyDict Find(PyValue path, PyValue name)
    {
        if (Navigate(path) is not { } start) return NoSuchDirectory("find", path);
        var matches = new List<PyValue>();
        var characters = 0L;
        Walk(start, PyContainer.Text(path, "rstrip").TrimEnd('/'), 0);
        return new PyDict(("matches", PyList.Of(matches)));

        void Walk(int directory, string basePath, int depth)
        {
            if (depth > Deepest) throw new PyError("RecursionError", "maximum recursion depth exceeded while calling a Python object");
            foreach (var (itemName, number) in _tree.Contents(Directory(directory)))
            {
                var itemPath = $"{basePath}/{itemName}";
                if (name is PyNone || PyContainer.Contains(itemName, name)) matches.Add(itemPath);
                characters += itemPath.Length;
                if (characters > MostPathCharacters) throw new PyError("MemoryError", $"find: the paths have more than {MostPathCharacters} characters");
                if (matches.Count > MostWalked) throw new PyError("MemoryError", $"find: more than {MostWalked} matches");
                if (_tree.Node(Number(number)) is DirectoryNode) Walk(Number(number), itemPath, depth + 1);
            }
        }
    }

    private PyDict DiskUsage(bool humanReadable)
    {
        var walked = 0;
        var size = Size(_current, 0);
        if (!humanReadable) return new PyDict(("disk_usage", $"{size} bytes"));

        double shown = size;
        foreach (var unit in (ReadOnlySpan<string>)["B", "KB", "MB", "GB", "TB"])
        {
            if (shown < 1024) return new PyDict(("disk_usage", $"{PyFloatText.Fixed(shown, 2)} {unit}"));
            shown /= 1024;
        }

        return new PyDict(("disk_usage", $"{PyFloatText.Fixed(shown, 2)} PB"));

        long Size(int number, int depth)
        {
            if (depth > Deepest) throw new PyError("RecursionError", "maximum recursion depth exceeded");
            if (++walked > MostWalked) throw new PyError("MemoryError", $"du: more than {MostWalked} files");
            return _tree.Node(number) is FileNode file
                ? PyText.Utf8Length(PyContainer.Text(file.Content, "encode"))
                : _tree.Contents(Directory(number)).Values.Sum(item => Size(Number(item), depth + 1));
        }
    }

    private static PyDict NoSuchDirectory(string command, PyValue path) => Error($"{command}: '{path}': No such file or directory");
}
