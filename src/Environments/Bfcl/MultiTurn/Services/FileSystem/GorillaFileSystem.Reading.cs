using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;

/// <content>What is in the files of the current directory.</content>
internal sealed partial class GorillaFileSystem
{
    private PyDict Show(PyValue name)
    {
        if (!IsValidName(name)) return Error($"cat: '{name}': Invalid character");
        if (!Here.Contains(name)) return Error($"cat: '{name}': No such file or directory");
        return File(name) is { } file ? new PyDict(("file_content", file.Content)) : Error($"cat: '{name}': Is a directory");
    }

    private PyDict Count(PyValue name, PyValue mode)
    {
        if (mode is not PyStr { Text: "l" or "w" or "c" }) return Error($"wc: invalid mode '{mode}'");
        if (File(name) is not { } file) return Missing("wc", name);
        var (count, type) = mode.ToString() switch
        {
            "l" => (LinesOf(file).Count, "lines"),
            "w" => (PyText.CountWords(PyContainer.Text(file.Content, "split")), "words"),
            _ => (PyContainer.Length(file.Content), "characters"),
        };
        return new PyDict(("count", count), ("type", type));
    }

    private PyDict Sort(PyValue name)
    {
        if (File(name) is not { } file) return Missing("sort", name);
        var lines = LinesOf(file);
        lines.Sort(PyOrder.CompareText);
        return new PyDict(("sorted_content", string.Join('\n', lines)));
    }

    private PyDict Search(PyValue name, PyValue pattern)
    {
        if (File(name) is not { } file) return Missing("grep", name);
        return new PyDict(("matching_lines", PyList.Of(LinesOf(file).Where(line => PyContainer.Contains(line, pattern)))));
    }

    private PyDict Tail(PyValue name, PyValue lines)
    {
        if (File(name) is not { } file) return Missing("tail", name);
        var content = LinesOf(file);
        if (PyOrder.Greater(lines, content.Count)) lines = content.Count;
        var wanted = PyNumber.AsInteger(lines)
            ?? throw PyError.TypeError(lines is PyFloat
                ? "slice indices must be integers or None or have an __index__ method"
                : $"bad operand type for unary -: '{lines.TypeName}'");
        // content[-wanted:], where a negative number skips lines and zero takes all.
        var start = wanted.Sign > 0 ? content.Count - wanted : System.Numerics.BigInteger.Min(-wanted, content.Count);
        return new PyDict(("last_lines", string.Join('\n', content[(int)start..])));
    }

    private PyDict Compare(PyValue name1, PyValue name2)
    {
        // The second name is not looked at where the first is unknown.
        if (Here.Contains(name1) && Here.Contains(name2) && File(name1) is { } file1 && File(name2) is { } file2)
        {
            var (lines1, lines2) = (LinesOf(file1), LinesOf(file2));
            var different = lines1.Zip(lines2).Where(pair => pair.First != pair.Second).Select(pair => $"- {pair.First}\n+ {pair.Second}");
            return new PyDict(("diff_lines", string.Join('\n', different)));
        }

        return Error($"diff: {name1} or {name2}: No such file or directory");
    }

    private static List<string> LinesOf(FileNode file) => PyText.Lines(PyContainer.Text(file.Content, "splitlines"));

    private FileNode? File(PyValue name) =>
        Here.Contains(name) && Item(_current, name) is { } number ? _tree.Node(number) as FileNode : null;

    private static PyDict Missing(string command, PyValue name) => Error($"{command}: {name}: No such file or directory");

    private static bool IsValidName(PyValue name)
    {
        foreach (var character in "|/\\?%*:\"><")
        {
            if (PyContainer.Contains(name, character.ToString())) return false;
        }

        return true;
    }
}
