using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;

/// <summary>Whether two trees hold the same names and contents, however they came about.</summary>
internal sealed class FileTreeComparison(FileTree left, FileTree right)
{
    // A directory copied into itself holds itself. The original gives up there; such a state equals no other.
    private const int Deepest = 900;
    private const int MostNodes = 200_000;

    private int _visited;

    public bool Same(int leftRoot, int rightRoot) => Same(leftRoot, rightRoot, 0);

    private bool Same(int leftNumber, int rightNumber, int depth)
    {
        if (depth > Deepest || ++_visited > MostNodes) return false;
        return (left.Node(leftNumber), right.Node(rightNumber)) switch
        {
            (FileNode a, FileNode b) => ReferenceEquals(a, b) || (PyEquality.Equal(a.Name, b.Name) && PyEquality.Equal(a.Content, b.Content)),
            (DirectoryNode a, DirectoryNode b) => PyEquality.Equal(a.Name, b.Name) && Same(left.Contents(a), right.Contents(b), depth),
            _ => false,
        };
    }

    private bool Same(PyDict mine, PyDict theirs, int depth)
    {
        if (mine.Count != theirs.Count) return false;
        foreach (var (name, number) in mine)
        {
            if (theirs.Get(name) is not { } other || !Same(Number(number), Number(other), depth + 1)) return false;
        }

        return true;
    }

    private static int Number(PyValue value) => (int)((PyInt)value).Number;
}
