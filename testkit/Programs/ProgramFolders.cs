using SandQueue.Testing;

namespace SandQueue.Programs;

/// <summary>Folders of a program's own, so that a test sees all it leaves behind. Kept short: Unix sockets allow 107 bytes.</summary>
public sealed class ProgramFolders : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("sqt-");

    public ProgramFolders()
    {
        foreach (var folder in (string[])[Home, Temporary]) Directory.CreateDirectory(folder);
    }

    public string Root => _root.FullName;

    public string Home => Path.Combine(Root, "home");

    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>The data folder; the program makes it itself.</summary>
    public string Store => Path.Combine(Root, "data");

    public string Database => Path.Combine(Store, "sandqueue.db");

    /// <summary>Everything in a folder, by name relative to it.</summary>
    public static string[] Everything(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Select(entry => Path.GetRelativePath(folder, entry)).Order(StringComparer.Ordinal)]
        : [];

    public ValueTask DisposeAsync() => new(_root.RemoveAsync());
}
