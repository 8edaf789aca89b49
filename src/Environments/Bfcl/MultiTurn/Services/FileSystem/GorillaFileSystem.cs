using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;

/// <summary>A small file system with a current directory and shell-like commands.</summary>
internal sealed partial class GorillaFileSystem : Service
{
    private static readonly ServiceMethods Table = ServiceMethods.Of<GorillaFileSystem>("GorillaFileSystem", new()
    {
        ["pwd()"] = (files, _) => new PyDict(("current_working_directory", files.WorkingPath())),
        ["ls(a=False)"] = (files, a) => files.List(a[0].Truthy),
        ["cd(folder)"] = (files, a) => files.ChangeDirectory(a[0]),
        ["mkdir(dir_name)"] = (files, a) => files.MakeDirectory(a[0]),
        ["touch(file_name)"] = (files, a) => files.Touch(a[0]),
        ["echo(content, file_name=None)"] = (files, a) => files.Echo(a[0], a[1]),
        ["cat(file_name)"] = (files, a) => files.Show(a[0]),
        ["find(path='.', name=None)"] = (files, a) => files.Find(a[0], a[1]),
        ["wc(file_name, mode='l')"] = (files, a) => files.Count(a[0], a[1]),
        ["sort(file_name)"] = (files, a) => files.Sort(a[0]),
        ["grep(file_name, pattern)"] = (files, a) => files.Search(a[0], a[1]),
        ["du(human_readable=False)"] = (files, a) => files.DiskUsage(a[0].Truthy),
        ["tail(file_name, lines=10)"] = (files, a) => files.Tail(a[0], a[1]),
        ["diff(file_name1, file_name2)"] = (files, a) => files.Compare(a[0], a[1]),
        ["mv(source, destination)"] = (files, a) => files.Move(a[0], a[1]),
        ["rm(file_name)"] = (files, a) => files.Remove(a[0]),
        ["rmdir(dir_name)"] = (files, a) => files.RemoveDirectory(a[0]),
        ["cp(source, destination)"] = (files, a) => files.Copy(a[0], a[1]),
    });

    private readonly bool _longContext;
    private readonly int _root;
    private FileTree _tree;
    private int _current;

    public GorillaFileSystem(Scenario scenario)
    {
        _longContext = scenario.LongContext;
        (_tree, _root) = FileTreeLoader.Load(scenario);
        _current = _root;
    }

    public override ServiceMethods Methods => Table;

    /// <summary>Where the agent is; the official state check leaves it out.</summary>
    public IEnumerable<PyValue> CurrentPath => PathUp().Reverse();

    public override IEnumerable<(string Name, PyValue Value)> PublicState => [("long_context", _longContext), ("root", Snapshot(_root, 0))];

    public override Service Fork()
    {
        var fork = (GorillaFileSystem)MemberwiseClone();
        fork._tree = _tree.Fork();
        return fork;
    }

    public override bool HasStateOf(Service other)
    {
        var files = (GorillaFileSystem)other;
        return _longContext == files._longContext
            && (_tree.IsUntouchedTwinOf(files._tree) || new FileTreeComparison(_tree, files._tree).Same(_root, files._root));
    }

    /// <summary>A node as a value that shows all of it.</summary>
    private PyDict Snapshot(int number, int depth)
    {
        if (_tree.Node(number) is FileNode file) return new PyDict(("$file", file.Name), ("content", file.Content));
        var directory = (DirectoryNode)_tree.Node(number);
        var parent = directory.Parent is { } above ? ((DirectoryNode)_tree.Node(above)).Name : PyValue.None;
        var contents = depth > 50
            ? []
            : _tree.Contents(directory).Select(item => KeyValuePair.Create(item.Key, (PyValue)Snapshot(Number(item.Value), depth + 1)));
        return new PyDict(("$dir", directory.Name), ("parent", parent), ("contents", new PyDict(contents)));
    }

    private static int Number(PyValue value) => (int)((PyInt)value).Number;
}
