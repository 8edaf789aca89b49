using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;

/// <content>What makes, writes, moves, copies and removes.</content>
internal sealed partial class GorillaFileSystem
{
    private PyValue MakeDirectory(PyValue name)
    {
        if (!IsValidName(name)) return Error($"mkdir: cannot create directory '{name}': Invalid character");
        if (Here.Contains(name)) return Error($"mkdir: cannot create directory '{name}': File exists");
        AddDirectory(_current, name, PyDict.Empty);
        return PyValue.None;
    }

    private PyValue Touch(PyValue name)
    {
        if (!IsValidName(name)) return Error($"touch: cannot touch '{name}': Invalid character");
        if (Here.Contains(name)) return Error($"touch: cannot touch '{name}': File exists");
        AddFile(_current, name, "");
        return PyValue.None;
    }

    private PyValue Echo(PyValue content, PyValue name)
    {
        if (name is PyNone) return new PyDict(("terminal_output", content));
        if (!IsValidName(name)) return Error($"echo: cannot write to '{name}': Invalid character");
        if (!name.Truthy) return new PyDict(("terminal_output", content));
        if (!Here.Contains(name)) return Error($"echo: cannot write to '{name}': No such file");
        var number = Item(_current, name)!.Value;
        if (_tree.Node(number) is not FileNode file) throw new PyError("AttributeError", "'Directory' object has no attribute '_write'");
        _tree.Set(number, file with { Content = content });
        return PyValue.None;
    }

    private PyDict Move(PyValue source, PyValue destination)
    {
        if (!Here.Contains(source)) return Error($"mv: cannot move '{source}': No such file or directory");
        var item = _tree.Node(Item(_current, source)!.Value);
        if (PyContainer.Contains(destination, "/")) return Error("mv: path not allowed in destination. Provide only a file or directory name.");

        if (Here.Contains(destination))
        {
            var target = Item(_current, destination)!.Value;
            if (_tree.Node(target) is not DirectoryNode directory) return NotADirectory("mv", "move", source, destination);
            if (_tree.Contents(directory).Contains(source.ToString())) return Error($"mv: cannot move '{source}' to '{destination}/{source}': File exists");
            RemoveHere(source);
            Place(target, source, item);
            return Result($"'{source}' moved to '{destination}/{source}'");
        }

        RemoveHere(source);
        Place(_current, destination, item);
        return Result($"'{source}' moved to '{destination}'");
    }

    private PyDict Copy(PyValue source, PyValue destination)
    {
        if (!Here.Contains(source)) return Error($"cp: cannot copy '{source}': No such file or directory");
        var item = _tree.Node(Item(_current, source)!.Value);
        if (PyContainer.Contains(destination, "/")) return Error("cp: path not allowed in destination. Provide only a file or directory name.");

        if (Here.Contains(destination))
        {
            var target = Item(_current, destination)!.Value;
            if (_tree.Node(target) is not DirectoryNode) return NotADirectory("cp", "copy", source, destination);
            PlaceCopy(target, source, item);
            return Result($"'{source}' copied to '{destination}/{source}'");
        }

        PlaceCopy(_current, destination, item);
        return Result($"'{source}' copied to '{destination}'");
    }

    private PyDict Remove(PyValue name)
    {
        if (!Here.Contains(name)) return Error($"rm: cannot remove '{name}': No such file or directory");
        RemoveHere(name);
        return Result($"'{name}' removed");
    }

    private PyDict RemoveDirectory(PyValue name)
    {
        if (!Here.Contains(name)) return Error($"rmdir: cannot remove '{name}': No such file or directory");
        if (_tree.Node(Item(_current, name)!.Value) is not DirectoryNode directory) return Error($"rmdir: cannot remove '{name}': Not a directory");
        if (_tree.Contents(directory).Truthy) return Error($"rmdir: cannot remove '{name}': Directory not empty");
        RemoveHere(name);
        return Result($"'{name}' removed");
    }

    // A moved directory is a new one over the old contents: what lies in it still has the old one as its parent.
    private void Place(int directory, PyValue name, object item)
    {
        if (item is FileNode file) AddFile(directory, name, file.Content);
        else AddDirectory(directory, name, ((DirectoryNode)item).Contents);
    }

    // A copied directory has contents of its own, but holds the very same files and directories. They are copied once
    // the new directory is in its place, so a directory copied into itself holds itself.
    private void PlaceCopy(int directory, PyValue name, object item)
    {
        if (item is FileNode file)
        {
            AddFile(directory, name, file.Content);
            return;
        }

        var copy = AddDirectory(directory, name, PyDict.Empty);
        _tree.Set(copy.Contents, _tree.Contents((DirectoryNode)item));
    }

    private void AddFile(int directory, PyValue name, PyValue content)
    {
        RequireFree(directory, name, "File");
        Put(directory, name, _tree.Add(new FileNode(name, content)));
    }

    private DirectoryNode AddDirectory(int directory, PyValue name, PyDict contents) => AddDirectory(directory, name, _tree.Add(contents));

    private DirectoryNode AddDirectory(int directory, PyValue name, int contents)
    {
        RequireFree(directory, name, "Directory");
        var made = new DirectoryNode(name, directory, contents);
        Put(directory, name, _tree.Add(made));
        return made;
    }

    private void RequireFree(int directory, PyValue name, string what)
    {
        var parent = Directory(directory);
        if (_tree.Contents(parent).Contains(name)) throw PyError.ValueError($"{what} '{name}' already exists in directory '{parent.Name}'.");
    }

    private void Put(int directory, PyValue name, int number) =>
        _tree.Set(Directory(directory).Contents, _tree.Contents(Directory(directory)).With(name, number));

    private void RemoveHere(PyValue name) => _tree.Set(Directory(_current).Contents, Here.Without(name));

    private static PyDict NotADirectory(string command, string verb, PyValue source, PyValue destination) =>
        Error($"{command}: cannot {verb} '{source}' to '{destination}': Not a directory");

    private static PyDict Result(string text) => new(("result", text));
}
