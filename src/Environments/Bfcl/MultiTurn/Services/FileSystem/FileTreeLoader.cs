using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;

/// <summary>Builds a task's file tree from its configuration.</summary>
internal static class FileTreeLoader
{
    public static (FileTree Tree, int Root) Load(Scenario scenario)
    {
        var tree = new FileTree();
        if (scenario.Config.Get("root") is not PyDict { Count: > 0 } root) return (tree, AddDirectory(tree, "/", null, PyDict.Empty));

        var (name, described) = root.First();
        return (tree, Load(tree, name, null, Part(described, "contents"), scenario.Extension));
    }

    private static int Load(FileTree tree, PyValue name, int? parent, PyDict described, LongContextExtension? extension)
    {
        var directory = AddDirectory(tree, name, parent, PyDict.Empty);
        var contents = new List<KeyValuePair<PyValue, PyValue>>();
        var innermost = true;
        foreach (var (itemName, item) in described)
        {
            switch (PyContainer.Subscript(item, "type"))
            {
                case PyStr { Text: "directory" }:
                    innermost = false;
                    contents.Add(KeyValuePair.Create(itemName, (PyValue)Load(tree, itemName, directory, Part(item, "contents"), extension)));
                    break;
                case PyStr { Text: "file" }:
                    var content = PyContainer.Subscript(item, "content");
                    if (extension is not null && !PyContainer.Contains(extension.FilesReadFromTheirEnd, itemName))
                    {
                        content = PyArithmetic.Add(content, extension.FileContent, "+=");
                    }

                    contents.Add(KeyValuePair.Create(itemName, (PyValue)tree.Add(new FileNode(itemName, content))));
                    break;
            }
        }

        if (innermost && extension is not null)
        {
            contents.AddRange(extension.FileNames.Items.Select(file => KeyValuePair.Create(file, (PyValue)tree.Add(new FileNode(file, "")))));
        }

        tree.Set(((DirectoryNode)tree.Node(directory)).Contents, new PyDict(contents));
        return directory;
    }

    private static int AddDirectory(FileTree tree, PyValue name, int? parent, PyDict contents) =>
        tree.Add(new DirectoryNode(name, parent, tree.Add(contents)));

    private static PyDict Part(PyValue item, string name) => PyContainer.Dict(PyContainer.Subscript(item, name), "items");
}
